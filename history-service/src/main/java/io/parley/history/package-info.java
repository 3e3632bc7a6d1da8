/** The HTTP API for history. It only reads: from Cassandra, through storage. No Kafka and no MQTT may come in here. */
@NullMarked
package io.parley.history;

import org.jspecify.annotations.NullMarked;
