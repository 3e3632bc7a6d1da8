package io.parley.push.fcm;

import io.parley.runtime.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code parley.push.fcm}: which projects there are, and how they are reached.
 *
 * @param accounts the file of each app's service account, under the topic of its tokens; under the empty topic: of all other tokens
 * @param endpoint where FCM is
 * @param requestTimeout how long one request may take, from its first byte to the last of its answer
 * @param threads how many requests are under way at once
 * @param waiting how many wait for a thread
 */
public record FcmSettings(Map<String, Path> accounts, URI endpoint, Duration requestTimeout, int threads, int waiting) {
    static final String ACCOUNTS = "parley.push.fcm.service-accounts";
    private static final String ENDPOINT = "parley.push.fcm.endpoint";
    private static final String TIMEOUT = "parley.push.fcm.request-timeout";

    /** The tokens that no entry names. */
    static final String ALL_OTHERS = "";

    public FcmSettings {
        accounts = Map.copyOf(accounts);
    }

    /** Reads {@code parley.push.fcm}; empty if no service account is set. */
    static Optional<FcmSettings> from(Settings settings) {
        if (settings.optionalText(ACCOUNTS).isEmpty()) {
            return Optional.empty();
        }
        Duration timeout = settings.duration(TIMEOUT);
        if (timeout.isZero()) {
            throw settings.bad(TIMEOUT, "must be longer than zero");
        }
        return Optional.of(new FcmSettings(
                accounts(settings),
                endpoint(settings),
                timeout,
                settings.integer("parley.push.fcm.threads", 1, 256),
                settings.integer("parley.push.fcm.waiting", 1, 100_000)));
    }

    private static Map<String, Path> accounts(Settings settings) {
        Map<String, Path> accounts = new LinkedHashMap<>();
        for (String entry : settings.list(ACCOUNTS)) {
            int equals = entry.indexOf('=');
            String topic = equals < 0 ? ALL_OTHERS : entry.substring(0, equals).strip();
            String path = entry.substring(equals + 1).strip();
            if (path.isEmpty() || equals == 0) {
                throw settings.bad(ACCOUNTS, "must be a path, or entries TOPIC=PATH");
            }
            if (accounts.put(topic, Path.of(path)) != null) {
                throw settings.bad(ACCOUNTS, "must name each topic once, and one path without a topic");
            }
        }
        return accounts;
    }

    private static URI endpoint(Settings settings) {
        try {
            URI endpoint = URI.create(settings.text(ENDPOINT));
            boolean usable = ("https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme()))
                    && endpoint.getHost() != null
                    && endpoint.getRawPath().isEmpty();
            if (usable) {
                return endpoint;
            }
        } catch (IllegalArgumentException notAnAddress) {
            // The same error as for an address that cannot be used.
        }
        throw settings.bad(ENDPOINT, "must be an address such as https://fcm.googleapis.com, without a path");
    }
}
