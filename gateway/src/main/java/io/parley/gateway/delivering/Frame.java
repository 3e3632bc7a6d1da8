package io.parley.gateway.delivering;

import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;

/**
 * One event on its way to one device.
 *
 * @param conversation its conversation
 * @param event the event, shared by all devices that get it
 * @param qos 1: {@link DeviceSession#acknowledge} is to follow when the device has it; 0: when it is written
 * @param duplicate whether an earlier connection of the session may have been sent it
 */
public record Frame(ConversationId conversation, SequencedEvent event, int qos, boolean duplicate) {}
