/**
 * Load for a platform at a fixed rate, from real MQTT connections: latency from when a message was due, CPU time of each server process,
 * and an audit of every message. Nothing of a server comes in here.
 */
@NullMarked
package io.parley.bench;

import org.jspecify.annotations.NullMarked;
