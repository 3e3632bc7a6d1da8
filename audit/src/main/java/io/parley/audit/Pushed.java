package io.parley.audit;

/**
 * A notification that a push provider accepted.
 *
 * @param token of the device that it went to
 * @param seq of the message that it is about
 */
public record Pushed(String token, int seq) {}
