/** The machines on Kafka Streams: decode, decide, apply, forward. */
@NullMarked
package io.parley.bridge.engine;

import org.jspecify.annotations.NullMarked;
