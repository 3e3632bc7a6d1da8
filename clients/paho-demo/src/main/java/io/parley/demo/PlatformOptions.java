package io.parley.demo;

import io.parley.identity.DevKeys;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

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
            arity = "0..1",
            paramLabel = "URI|SHARE",
            fallbackValue = "1",
            converter = HttpOption.Converter.class,
            description = {
                "With an address: the HTTP service (default: port ${env:PARLEY_HTTP_PORT:-8080} of this machine).",
                "bench, without a value: the same load by MQTT and by HTTP. replay, with a share of its members from 0 to 1: they use HTTP."
            })
    private List<HttpOption> http = List.of();

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
        return new DemoTarget(mqtt, address(), (UserId user) -> keys.sign(user, TOKEN_LIFETIME));
    }

    /** The platform of these options, for one user who has a token. */
    DemoTarget target(String token) {
        return new DemoTarget(mqtt, address(), user -> token);
    }

    /** The share of the clients that are to use HTTP; 0 if nothing is said. */
    public double httpShare() {
        return http.stream().mapToDouble(HttpOption::share).max().orElse(0);
    }

    /** For programs that use MQTT alone. */
    void requireNoShare(CommandSpec spec) {
        if (httpShare() > 0) {
            throw new ParameterException(spec.commandLine(), "--http takes an address here: http://host:port");
        }
    }

    private URI address() {
        return http.stream()
                .flatMap(one -> one.at().stream())
                .reduce((before, last) -> last)
                .orElseGet(() -> {
                    Map<String, String> environment = System.getenv();
                    return URI.create("http://" + environment.getOrDefault("PARLEY_BIND", "127.0.0.1") + ":"
                            + environment.getOrDefault("PARLEY_HTTP_PORT", "8080"));
                });
    }

    /** The data directory. */
    public Path data() {
        return data;
    }
}
