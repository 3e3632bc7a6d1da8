/** Tests of the history writer without a Kafka and without a Cassandra. */
@NullMarked
package io.parley.bridge.history;

import org.jspecify.annotations.NullMarked;
