/** Copies the conversations' events from Kafka to Cassandra. Decides nothing, and knows nothing of the engine. */
@NullMarked
package io.parley.bridge.history;

import org.jspecify.annotations.NullMarked;
