package io.parley.runtime;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/**
 * The cache of recent messages: {@code parley.history.cache}.
 *
 * @param processBytes of this process's memory; 0: none
 * @param redis URI of a Redis; empty: none
 * @param redisTimeout how long a question to it may take
 * @param redisPause how long it is left alone after it has not answered
 * @param messages of each conversation, the newest
 * @param messageBytes a larger message is not cached
 * @param lifetime how long a conversation's messages stay in a cache
 */
public record HistoryCacheSettings(
        long processBytes,
        String redis,
        Duration redisTimeout,
        Duration redisPause,
        int messages,
        int messageBytes,
        Duration lifetime) {
    /** Messages of a conversation, at most. */
    public static final int MAX_MESSAGES = 1000;

    private static final String KEYS = "parley.history.cache.";
    private static final int MAX_MESSAGE_BYTES = 256 * 1024;

    /** Reads {@code parley.history.cache}. */
    public static HistoryCacheSettings from(Settings settings) {
        return new HistoryCacheSettings(
                bytes(settings, "process-bytes", Long.MAX_VALUE),
                redis(settings),
                duration(settings, "redis-timeout", Duration.ofMillis(1), Duration.ofSeconds(2)),
                duration(settings, "redis-pause", Duration.ofMillis(100), Duration.ofMinutes(10)),
                settings.integer(KEYS + "messages", 1, MAX_MESSAGES),
                (int) bytes(settings, "message-bytes", MAX_MESSAGE_BYTES),
                duration(settings, "lifetime", Duration.ofSeconds(1), Duration.ofDays(1)));
    }

    private static String redis(Settings settings) {
        String uri = settings.optionalText(KEYS + "redis").orElse("");
        if (uri.isEmpty()) {
            return uri;
        }
        try {
            URI parsed = new URI(uri);
            if (("redis".equals(parsed.getScheme()) || "rediss".equals(parsed.getScheme()))
                    && parsed.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        // The value may hold a password: it is not repeated.
        throw new BadSetting("setting " + KEYS + "redis must be empty or a URI such as redis://host:6379");
    }

    private static long bytes(Settings settings, String name, long most) {
        long bytes = settings.bytes(KEYS + name);
        if (bytes < 0 || bytes > most) {
            throw settings.bad(
                    KEYS + name, "must be at least 0" + (most == Long.MAX_VALUE ? "" : " and at most " + most));
        }
        return bytes;
    }

    private static Duration duration(Settings settings, String name, Duration least, Duration most) {
        Duration duration = settings.duration(KEYS + name);
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw settings.bad(KEYS + name, "must be from " + least.toMillis() + "ms to " + most.toMillis() + "ms");
        }
        return duration;
    }
}
