package io.parley.demo;

import io.parley.identity.DevKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where the platform is and how its clients get their tokens; the defaults come from the environment. */
public final class PlatformOptions {
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(24);

    @Option(
            names = "--mqtt",
            paramLabel = "URI",
            split = ",",
            description = {
                "The MQTT nodes, separated by commas: clients begin at one after the other, and go to the next when theirs is gone",
                "(default: those of the platform, else port ${env:PARLEY_MQTT_PORT:-1883} of this machine)."
            })
    private List<URI> mqtt = List.of();

    @Option(
            names = "--http",
            arity = "0..1",
            split = ",",
            paramLabel = "URI|SHARE",
            fallbackValue = "1",
            converter = HttpOption.Converter.class,
            description = {
                "With addresses, separated by commas: the HTTP services (default: those of the platform, else port ${env:PARLEY_HTTP_PORT:-8080} of this machine).",
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
        return target(TOKEN_LIFETIME);
    }

    /**
     * The same, with tokens that expire while a program runs.
     *
     * @param tokenLifetime of each token; a user gets another one in its last quarter
     */
    public DemoTarget target(Duration tokenLifetime) throws IOException {
        Path identity = data.resolve("identity");
        if (!Files.isReadable(identity.resolve(DevKeys.PRIVATE_FILE))) {
            throw new IOException(
                    "no signing key in " + identity.toAbsolutePath() + ": name the platform's --data directory");
        }
        String issuer = System.getenv().getOrDefault("PARLEY_JWT_ISSUER", "parley");
        String audience = System.getenv().getOrDefault("PARLEY_JWT_AUDIENCE", "parley");
        DevKeys keys = DevKeys.openOrCreate(identity, issuer, audience);
        return new DemoTarget(
                mqttNodes(),
                httpNodes(),
                new RenewedTokens(user -> keys.sign(user, tokenLifetime), tokenLifetime, System::nanoTime));
    }

    /** The platform of these options, for one user who has a token. */
    DemoTarget target(String token) {
        return new DemoTarget(mqttNodes(), httpNodes(), user -> token);
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

    private List<URI> mqttNodes() {
        return mqtt.isEmpty() ? told("PARLEY_MQTT_NODES", "tcp", "PARLEY_MQTT_PORT", "1883") : mqtt;
    }

    private List<URI> httpNodes() {
        List<URI> given = http.stream().flatMap(one -> one.at().stream()).toList();
        return given.isEmpty() ? told("PARLEY_HTTP_NODES", "http", "PARLEY_HTTP_PORT", "8080") : given;
    }

    /** The nodes that the environment names, else the one on its port. */
    private static List<URI> told(String nodes, String scheme, String port, String usualPort) {
        Map<String, String> environment = System.getenv();
        String host = environment.getOrDefault("PARLEY_BIND", "127.0.0.1");
        String only = scheme + "://" + host + ":" + environment.getOrDefault(port, usualPort);
        return Stream.of(environment.getOrDefault(nodes, only).split(",", -1))
                .map(URI::create)
                .toList();
    }

    /** The data directory. */
    public Path data() {
        return data;
    }
}
