/** Messages at a fixed rate: latency from when a message was due, CPU time of each server process, and an audit of every message. */
@NullMarked
package io.parley.bench.messages;

import org.jspecify.annotations.NullMarked;
