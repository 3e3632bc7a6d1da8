package io.parley.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code docs/operations/metrics.md} explains. */
record MetricsPage(Set<String> names) {
    private static final Pattern NAME = Pattern.compile("`(parley_[a-z_]+)`");

    static MetricsPage read(Path home) throws IOException {
        return new MetricsPage(Files.readAllLines(home.resolve("docs/operations/metrics.md")).stream()
                .filter(line -> line.startsWith("| `"))
                // The first column.
                .map(line -> line.substring(0, line.indexOf("|", 1)))
                .flatMap(names -> NAME.matcher(names).results())
                .map(name -> name.group(1))
                .collect(Collectors.toUnmodifiableSet()));
    }
}
