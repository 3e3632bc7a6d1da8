/** The engine: state machines of conversations and users on Kafka Streams, and the writer of their history. */
@NullMarked
package io.parley.bridge;

import org.jspecify.annotations.NullMarked;
