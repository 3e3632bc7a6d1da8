package io.parley.audit;

/**
 * A device that is away and has a push token, so it must be notified of every message of others that its owner may see.
 *
 * @param token of the device
 * @param user its owner
 * @param after only messages with a higher seq count
 */
public record PushWatch(String token, String user, int after) {}
