/** Tests of the history writer without a Kafka and without a Cassandra. */
@NullMarked
package io.parley.archiver;

import org.jspecify.annotations.NullMarked;
