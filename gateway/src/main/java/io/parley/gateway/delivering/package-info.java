/**
 * Brings a conversation's events to a node's devices: cursors, live delivery, replay. Every transport uses it; no HiveMQ, no HTTP
 * and no Cassandra may come in here.
 */
@NullMarked
package io.parley.gateway.delivering;

import org.jspecify.annotations.NullMarked;
