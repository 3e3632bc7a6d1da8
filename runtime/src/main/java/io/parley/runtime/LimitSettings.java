package io.parley.runtime;

/**
 * What one user may do on one node, within ten seconds unless another time is named: {@code parley.limits}.
 *
 * @param messages publications to conversations, receipts and typing among them
 * @param bytes of their payloads
 * @param requests of all kinds; one counts once for each KiB of its payload, the last one begun
 * @param requestsPerSecond how many of them are taken within a second
 * @param members users whom requests name as members of groups
 */
public record LimitSettings(long messages, long bytes, long requests, long requestsPerSecond, long members) {
    private static final long MAX_RATE = 1_000_000_000;

    /** Reads {@code parley.limits}. */
    public static LimitSettings from(Settings settings) {
        return new LimitSettings(
                settings.wholeNumber("parley.limits.messages-per-ten-seconds", 1, MAX_RATE),
                settings.bytes("parley.limits.bytes-per-ten-seconds"),
                settings.wholeNumber("parley.limits.requests-per-ten-seconds", 1, MAX_RATE),
                settings.wholeNumber("parley.limits.requests-per-second", 1, MAX_RATE),
                settings.wholeNumber("parley.limits.members-per-ten-seconds", 1, MAX_RATE));
    }
}
