package io.parley.audit;

/**
 * One entry of a conversation's sequence, as a device received it or as history shows it.
 *
 * @param seq its place, from 1
 * @param id the message's id; empty for a membership change
 * @param from the sender; empty when it was not looked at
 * @param body a hash of what the message says, comparable with {@link Sent#body}; 0 when it was not looked at
 * @param whole a hash of the whole event's bytes: the same for every device and in history
 */
public record Entry(int seq, String id, String from, long body, long whole) {}
