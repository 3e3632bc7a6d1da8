/** The engine: state machines of conversations and users on Kafka Streams. */
@NullMarked
package io.parley.bridge;

import org.jspecify.annotations.NullMarked;
