package io.parley.history.polling;

/**
 * What a device gets: a message, a signal or a reply.
 *
 * @param topic where MQTT would publish it
 * @param payload its JSON; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record Happening(String topic, byte[] payload) {}
