package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.standalone.SettingsFile.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Pages of {@code docs/operations} that are made from what the services have. {@code -Dparley.docs.write=true} writes them anew. */
class OperationsPagesTest {
    private static final Path HOME = Path.of(System.getProperty("parley.home", ".."));
    private static final Map<String, String> FILES = files();
    private static final Pattern METRIC = Pattern.compile("parley_[a-z_]*");
    private static final Pattern ALERT = Pattern.compile("alert: (\\S+)");

    private static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("Every service", "runtime");
        files.put("MQTT nodes", "broker-extensions/chat-extension");
        files.put("HTTP service", "history-service");
        files.put("Media, in the HTTP service", "media");
        files.put("Engine", "bridge/engine");
        files.put("Archiver", "bridge/archiver");
        files.put("Push service", "push-service");
        files.put("Plugin service", "plugin-service");
        files.put("The platform on one machine", "standalone");
        return files;
    }

    @Test
    void the_reference_of_settings_is_what_the_services_read() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Settings

                Made from the services' `reference.conf` files; do not edit it. `-Dparley.docs.write=true` for `OperationsPagesTest` writes it anew.

                Each setting is a path in HOCON. Strongest first: a Java system property of that name, the environment variable, the file that `PARLEY_CONFIG` names, the default.
                Sizes are written as `8 MiB`, times as `500ms`, `10s`, `2m` or `1h`. A value that cannot be is refused at the start, with its name and what it may be.
                """);
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            SettingsFile read =
                    SettingsFile.read(HOME.resolve(file.getValue()).resolve("src/main/resources/reference.conf"));
            page.append("\n## ")
                    .append(file.getKey())
                    .append("\n\n")
                    .append(read.title())
                    .append('\n');
            read.settings().forEach(setting -> page.append(entry(setting)));
        }
        assertThatPageIs(HOME.resolve("docs/operations/settings.md"), page.toString());
    }

    @Test
    void every_setting_has_an_environment_variable_of_its_own() throws IOException {
        for (String module : FILES.values()) {
            List<Setting> settings = SettingsFile.read(
                            HOME.resolve(module).resolve("src/main/resources/reference.conf"))
                    .settings();
            assertThat(settings)
                    .filteredOn(setting -> !setting.isSection())
                    .isNotEmpty()
                    .allSatisfy(setting ->
                            assertThat(setting.variable()).as(setting.key()).startsWith("PARLEY_"));
            assertThat(settings)
                    .extracting(Setting::variable)
                    .filteredOn(variable -> !variable.isEmpty())
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void alerts_and_dashboards_use_metrics_that_are_explained_and_every_alert_has_its_place_in_the_runbook()
            throws IOException {
        String alerts = Files.readString(HOME.resolve("docker/prometheus/alerts.yaml"));
        String dashboard = Files.readString(HOME.resolve("docker/grafana/dashboards/parley.json"));
        Set<String> explained = MetricsPage.read(HOME).names();
        assertThat(namesIn(alerts)).hasSizeGreaterThan(5).isSubsetOf(explained);
        assertThat(namesIn(dashboard)).hasSizeGreaterThan(5).isSubsetOf(explained);

        List<String> sections = Files.readAllLines(HOME.resolve("docs/operations/runbook.md")).stream()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3))
                .toList();
        assertThat(ALERT.matcher(alerts).results().map(alert -> alert.group(1)).toList())
                .as("alerts, in the order of the runbook")
                .isEqualTo(sections);
    }

    /** Without what Prometheus adds to a timer's name. */
    private static List<String> namesIn(String text) {
        return METRIC.matcher(text)
                .results()
                .map(metric -> metric.group().replaceFirst("_seconds_(count|sum|max|bucket)$", "_seconds"))
                // Both of a pair, in a regular expression.
                .filter(name -> !name.equals("parley_"))
                .toList();
    }

    private static String entry(Setting setting) {
        if (setting.isSection()) {
            return "\n### `%s`\n\n%s\n".formatted(setting.key(), setting.comment());
        }
        String shown = setting.defaultValue().equals("\"\"") ? "empty" : "`" + setting.defaultValue() + "`";
        return "\n**`%s`** · %s · `%s`\n%s"
                .formatted(
                        setting.key(),
                        shown,
                        setting.variable(),
                        setting.comment().isEmpty() ? "" : "<br>" + setting.comment() + "\n");
    }

    private static void assertThatPageIs(Path file, String text) throws IOException {
        if (Boolean.getBoolean("parley.docs.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(Files.readString(file))
                .as("%s; -Dparley.docs.write=true writes it anew", HOME.relativize(file))
                .isEqualTo(text);
    }
}
