package io.parley.history;

import io.parley.gateway.delivering.EventStore;
import io.parley.gateway.requesting.MediaPort;
import io.parley.gateway.requesting.Reads;

/**
 * What this node's devices are served from.
 *
 * @param events what they catch up with
 * @param reads pages of history
 * @param media attachments
 */
record Stores(EventStore events, Reads reads, MediaPort media) {}
