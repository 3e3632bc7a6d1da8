package io.parley.audit;

/**
 * One message that a device published, however often.
 *
 * @param id the message's id
 * @param from its sender
 * @param acknowledged whether at least one PUBACK said that it was accepted
 * @param body a hash of what it says, see {@link Fingerprint}; 0 when it is not to be compared
 */
public record Sent(String id, String from, boolean acknowledged, long body) {}
