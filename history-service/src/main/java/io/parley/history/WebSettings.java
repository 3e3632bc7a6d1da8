package io.parley.history;

import io.parley.runtime.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How the API is reached by browsers and from outside.
 *
 * @param origins the origins whose pages may call the API; {@code *} stands for all
 * @param tls the HTTPS listener, if there is to be one
 */
record WebSettings(List<String> origins, Optional<Tls> tls) {
    /**
     * The HTTPS listener.
     *
     * @param port its TCP port
     * @param certificate a PEM file: the server's certificate, then those that lead to its root
     * @param key a PEM file: the certificate's private key, PKCS #8, not encrypted
     * @param look how often at most the files are looked at
     */
    record Tls(int port, Path certificate, Path key, Duration look) {}

    private static final Duration LOOK = Duration.ofSeconds(10);

    static WebSettings from(Settings settings) {
        List<String> origins = settings.optionalText("parley.history.cors-origins")
                .map(text -> Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .filter(origin -> !origin.isEmpty())
                        .toList())
                .orElse(List.of());
        return new WebSettings(
                origins,
                settings.optionalText("parley.history.https.certificate")
                        .map(certificate -> new Tls(
                                settings.port("parley.history.https.port"),
                                file(settings, "parley.history.https.certificate"),
                                file(settings, "parley.history.https.key"),
                                LOOK)));
    }

    private static Path file(Settings settings, String key) {
        Path file = Path.of(settings.text(key));
        if (!Files.isReadable(file)) {
            throw settings.bad(key, "must be a readable file");
        }
        return file;
    }
}
