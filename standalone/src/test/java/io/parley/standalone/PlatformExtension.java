package io.parley.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one shared platform, see {@link WithPlatform}. The data directory stays in target/ for a look at its logs. It is this JVM's: where two JVMs
 * run tests, JUnit begins and ends in each of them for every class.
 */
public final class PlatformExtension implements ParameterResolver {

    /** What programs of the operator show to the HTTP service. */
    static final String OPERATOR_KEY = "a-key-of-the-tests-with-32-characters";

    private static final class Shared {
        private static final Platform PLATFORM = start();

        private Shared() {}
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Platform.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return Shared.PLATFORM;
    }

    private static Platform start() {
        try {
            Path folder = Files.createDirectories(Path.of("target", "platform"));
            Path data = Files.createTempDirectory(folder.toAbsolutePath(), "data");
            Platform platform = Platform.start(new Platform.Options(
                    Installation.find(),
                    data,
                    Addresses.free(),
                    EnumSet.allOf(RoleName.class),
                    Map.of(
                            // More than one small machine needs: what concerns several users or conversations is in
                            // several.
                            "PARLEY_KAFKA_PARTITIONS",
                            "2",
                            // The test of a long absence sends faster than any person.
                            "PARLEY_LIMITS_MESSAGES_PER_TEN_SECONDS",
                            "1000000",
                            // Every test finds out whether the log is cut too early.
                            "PARLEY_LOG_KEPT_SECONDS",
                            "1",
                            // Longer than a plugin is down in any test, shorter than the test of truncation waits.
                            "PARLEY_LOG_PLUGINS_KEPT_SECONDS",
                            "20",
                            // Nobody else's topics: the chat is as it is without them.
                            "PARLEY_MQTT_TOPICS_PREFIXES",
                            "telemetry",
                            "PARLEY_MQTT_TOPICS_OPEN",
                            "telemetry/open",
                            // Tests wait for the end of attachments.
                            "PARLEY_MEDIA_RELEASED_AFTER",
                            "2s",
                            "PARLEY_MEDIA_SWEEP_EVERY",
                            "500ms",
                            "PARLEY_HTTP_OPERATOR_KEY",
                            OPERATOR_KEY,
                            "PARLEY_PUSH_PLUGINS",
                            "relay"),
                    line -> System.out.println(line)));
            Runtime.getRuntime().addShutdownHook(new Thread(platform::close, "close-platform"));
            return platform;
        } catch (PlatformException e) {
            throw new IllegalStateException("the platform does not start: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
