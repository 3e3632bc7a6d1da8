package io.parley.delivery;

import io.parley.protocol.ConversationId;

/**
 * One event on its way to one device.
 *
 * @param conversation its conversation
 * @param event the event, shared by all devices that get it
 * @param packetId 32768–65535 at QoS 1, to be given back to {@link DeviceSession#acknowledged}; 0 at QoS 0
 */
public record Frame(ConversationId conversation, SequencedEvent event, int packetId) {}
