package io.parley.standalone.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --data}: the platform is found by its data directory. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The platform's data directory (default: $PARLEY_DATA, else ./data).")
    private @Nullable Path given;

    Path directory() {
        Path named = given;
        if (named == null) {
            named = Path.of(System.getenv().getOrDefault("PARLEY_DATA", "data"));
        }
        return named.toAbsolutePath().normalize();
    }
}
