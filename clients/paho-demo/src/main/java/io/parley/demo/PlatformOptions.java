package io.parley.demo;

import io.parley.identity.DevKeys;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Where the platform is and how its clients get their tokens; the defaults come from the environment. */
public final class PlatformOptions {
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(24);

    @Option(
            names = "--mqtt",
            paramLabel = "URI",
            defaultValue = "tcp://${env:PARLEY_BIND:-127.0.0.1}:${env:PARLEY_MQTT_PORT:-1883}",
            description = "The broker (default: ${DEFAULT-VALUE}).")
    private URI mqtt = URI.create("tcp://127.0.0.1:1883");

    @Option(
            names = "--http",
            paramLabel = "URI",
            defaultValue = "http://${env:PARLEY_BIND:-127.0.0.1}:${env:PARLEY_HTTP_PORT:-8080}",
            description = "The history service (default: ${DEFAULT-VALUE}).")
    private URI http = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:PARLEY_DATA:-data}",
            description = "The platform's data directory; the key in it signs the tokens (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    /**
     * The platform of these options.
     *
     * @throws IOException when there is no key to sign tokens with
     */
    public DemoTarget target() throws IOException {
        Path identity = data.resolve("identity");
        if (!Files.isReadable(identity.resolve(DevKeys.PRIVATE_FILE))) {
            throw new IOException(
                    "no signing key in " + identity.toAbsolutePath() + ": name the platform's --data directory");
        }
        String issuer = System.getenv().getOrDefault("PARLEY_JWT_ISSUER", "parley");
        String audience = System.getenv().getOrDefault("PARLEY_JWT_AUDIENCE", "parley");
        DevKeys keys = DevKeys.openOrCreate(identity, issuer, audience);
        return new DemoTarget(mqtt, http, (UserId user) -> keys.sign(user, TOKEN_LIFETIME));
    }

    /** The platform of these options, for one user who has a token. */
    DemoTarget target(String token) {
        return new DemoTarget(mqtt, http, user -> token);
    }

    /** The data directory. */
    public Path data() {
        return data;
    }
}
