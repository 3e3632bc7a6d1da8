package io.parley.gateway.subscribing;

import java.util.List;

/**
 * How something of a conversation is addressed to one device.
 *
 * @param conversation the level of the topic that names the conversation: its id, or {@code @bob} where the device asked for it so
 * @param identifiers the subscription identifiers of the filters that match
 */
public record Address(String conversation, List<Integer> identifiers) {}
