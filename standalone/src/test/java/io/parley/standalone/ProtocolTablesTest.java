package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.wire.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/protocol/codes.md} say what the code and the settings say. That of reason codes is compared where the reason codes are. */
class ProtocolTablesTest {
    private static final Path HOME = Path.of(System.getProperty("parley.home", ".."));
    private static final Path DOCS = HOME.resolve("docs");
    private static final Pattern FIXED = Pattern.compile("\\| .* \\| ([0-9,]+) <!-- (\\w+)\\.(\\w+) --> \\|");
    private static final Pattern SETTING = Pattern.compile("\\| .* \\| `([^`]+)` \\| `(parley\\.[a-z0-9.-]+)` \\|");
    private static final Pattern ERROR = Pattern.compile("\\| `([A-Z_]+)` \\| ([0-9]+) \\| .*");
    private static final Pattern STATUS = Pattern.compile("case ([A-Z_, ]+) -> ([0-9]{3});");
    /** What bounds clients, wherever it is set. */
    private static final Pattern BOUNDS_CLIENTS =
            Pattern.compile("parley\\.(engine\\.(limits|edit|delete|retention|admission|push)\\.|engine\\.presence-"
                    + "|limits\\.|prices\\.|mqtt\\.(topics|max-|connect)|history\\.reads\\..*of-a-user).*");

    private static final List<String> MODULES =
            List.of("runtime", "broker-extensions/chat-extension", "media", "bridge/engine");

    private static List<MatchResult> rows(Pattern row) throws IOException {
        List<MatchResult> rows = Files.readAllLines(DOCS.resolve("protocol/codes.md")).stream()
                .flatMap(line -> row.matcher(line).results())
                .toList();
        assertThat(rows).hasSizeGreaterThan(5);
        return rows;
    }

    @Test
    void every_error_code_is_explained_with_its_status_of_http() throws IOException {
        Map<String, String> explained = new TreeMap<>();
        rows(ERROR).forEach(row -> explained.put(row.group(1), row.group(2)));
        assertThat(explained.keySet())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ErrorCode.values())
                        .filter(code -> code != ErrorCode.UNRECOGNIZED && code != ErrorCode.ERROR_CODE_UNSPECIFIED)
                        .map(ErrorCode::name)
                        .toList());

        Map<String, String> answered = new TreeMap<>();
        STATUS.matcher(Files.readString(HOME.resolve("history-service/src/main/java/io/parley/history/Refusal.java")))
                .results()
                .forEach(row -> {
                    for (String code : row.group(1).split(", ", -1)) {
                        answered.put(code, row.group(2));
                    }
                });
        assertThat(answered).hasSizeGreaterThan(5);
        answered.forEach((code, status) -> assertThat(explained).containsEntry(code, status));
    }

    @Test
    void every_setting_that_bounds_clients_is_there_with_its_default() throws IOException {
        Map<String, String> defaults = new LinkedHashMap<>();
        for (String module : MODULES) {
            SettingsFile.read(HOME.resolve(module).resolve("src/main/resources/reference.conf")).settings().stream()
                    .filter(setting -> !setting.isSection())
                    .forEach(setting -> defaults.put(setting.key(), setting.defaultValue()));
        }
        Map<String, String> shown = new LinkedHashMap<>();
        rows(SETTING).forEach(row -> shown.put(row.group(2), row.group(1)));
        shown.forEach((setting, value) -> assertThat(defaults).containsEntry(setting, value));

        List<String> bounds = defaults.keySet().stream()
                .filter(key -> BOUNDS_CLIENTS.matcher(key).matches())
                .filter(key -> !key.equals("parley.mqtt.topics.prefixes") && !key.equals("parley.mqtt.topics.open"))
                .toList();
        assertThat(shown.keySet()).containsAll(bounds);
    }

    @Test
    void every_fixed_limit_is_that_of_the_code() throws IOException {
        Map<String, List<Path>> classes;
        try (Stream<Path> files = Files.walk(HOME)) {
            classes = files.filter(file -> file.toString().contains("src/main/java"))
                    .collect(Collectors.groupingBy(
                            file -> file.getFileName().toString().replace(".java", "")));
        }
        for (MatchResult row : rows(FIXED)) {
            List<Long> values = new ArrayList<>();
            for (Path file : classes.getOrDefault(row.group(2), List.of())) {
                values.addAll(values(Files.readString(file), row.group(3)));
            }
            assertThat(values)
                    .as("%s.%s", row.group(2), row.group(3))
                    .containsExactly(Long.parseLong(row.group(1).replace(",", "")));
        }
    }

    /** A constant's values: a number, a product, or the last argument of a constructor. */
    private static List<Long> values(String source, String name) {
        return Pattern.compile("\\b" + name + " =\\s+(?:new \\w+\\(.*, )?([0-9_L *]+)\\)?;")
                .matcher(source)
                .results()
                .map(found -> Arrays.stream(found.group(1).split("\\*", -1))
                        .mapToLong(factor -> Long.parseLong(factor.strip().replaceAll("[_L]", "")))
                        .reduce(1, (product, factor) -> product * factor))
                .toList();
    }

    @Test
    void links_of_the_pages_about_the_protocol_lead_somewhere() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(DOCS.resolve("protocol.md")));
        try (Stream<Path> more = Files.list(DOCS.resolve("protocol"))) {
            more.forEach(pages::add);
        }
        // What others link to here.
        List<Path> others =
                List.of("http.md", "media.md", "push.md", "push-apps.md", "clients.md", "plugins.md").stream()
                        .map(DOCS::resolve)
                        .toList();
        Pattern link = Pattern.compile("]\\(([^)#:]*)(?:#([^)]*))?\\)");
        for (Path page : Stream.concat(pages.stream(), others.stream()).toList()) {
            for (MatchResult found :
                    link.matcher(Files.readString(page)).results().toList()) {
                Path target = found.group(1).isEmpty()
                        ? page
                        : page.resolveSibling(found.group(1)).normalize();
                if (pages.contains(page) || pages.contains(target)) {
                    assertThat(target)
                            .as("%s: %s", page.getFileName(), found.group())
                            .exists();
                    if (found.group(2) != null) {
                        assertThat(anchors(target))
                                .as("%s: %s", page.getFileName(), found.group())
                                .contains(found.group(2));
                    }
                }
            }
        }
    }

    /** As GitHub makes them. */
    private static List<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }
}
