/** Devices that come back to their sessions, at a fixed rate or all at once: how long CONNACK and what they missed take, and an audit of every message. */
@NullMarked
package io.parley.bench.connecting;

import org.jspecify.annotations.NullMarked;
