package io.parley.standalone;

import io.parley.runtime.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What every process and client of a platform is told by environment variables: the user's settings, and the platform's own where there are none. */
final class PlatformEnvironment {

    private PlatformEnvironment() {}

    /** @param told where things are */
    static Map<String, String> of(Settings settings, Map<String, String> told, Path data)
            throws IOException, PlatformException {
        Map<String, String> all = new TreeMap<>(told);
        all.put("PARLEY_DATA", data.toString());
        all.put(
                "PARLEY_ENGINE_ADMISSION_UNKNOWN_USERS_REFUSED",
                String.valueOf(settings.flag("parley.engine.admission.unknown-users-refused")));
        all.put(
                "PARLEY_ENGINE_LIMITS_CONVERSATIONS",
                String.valueOf(settings.integer("parley.engine.limits.conversations", 1, 100_000)));
        all.put(
                "PARLEY_ENGINE_LIMITS_CONVERSATIONS_PER_HOUR",
                String.valueOf(settings.integer("parley.engine.limits.conversations-per-hour", 1, 100_000)));
        // As this platform's own Kafka and Cassandra allow it: server.properties, cassandra.yaml.
        all.put("PARLEY_ENGINE_SESSION_TIMEOUT", "3s");
        // A broker that has no other does not take over from one; an engine that was held is soon out of the way.
        all.putIfAbsent("PARLEY_ENGINE_TRANSACTION_TIMEOUT", "2s");
        all.put("PARLEY_ARCHIVER_SETTLE", "2500ms");
        all.putAll(Tokens.environment(Tokens.believed(settings, data)));
        // The page signs in by a name only where tokens are the platform's own, and nobody from another machine can ask
        // for one.
        boolean ownTokens = settings.optionalText("parley.jwt.jwks").isEmpty();
        boolean loopback = InetAddress.getByName(settings.text("parley.bind")).isLoopbackAddress();
        if (ownTokens && loopback && settings.flag("parley.standalone.development-tokens")) {
            all.put("PARLEY_DEVELOPMENT_TOKENS", Tokens.folder(data).toString());
        }
        if (settings.optionalText("parley.tls.keystore").isEmpty()) {
            TlsStore tls = TlsStore.openOrCreate(data);
            all.put("PARLEY_TLS_KEYSTORE", tls.keyStore().toString());
            all.put("PARLEY_TLS_KEYSTORE_PASSWORD", tls.password());
        }
        Optional<String> cursorKey = settings.optionalText("parley.history.poll.cursor-key");
        all.put("PARLEY_HTTP_CURSOR_KEY", cursorKey.isPresent() ? cursorKey.get() : CursorKey.openOrCreate(data));
        return all;
    }
}
