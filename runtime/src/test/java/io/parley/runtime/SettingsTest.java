package io.parley.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.parley.protocol.KafkaClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    @Test
    void the_defaults_are_complete_but_for_the_keys() {
        Settings settings = Settings.of(ConfigFactory.defaultReference());

        assertThat(KafkaSettings.from(settings))
                .isEqualTo(new KafkaSettings(KafkaClient.at("127.0.0.1:19092"), 1, (short) 1));
        assertThat(CassandraSettings.from(settings).addresses().get(0).getPort())
                .isEqualTo(19042);
        assertThatThrownBy(() -> JwtSettings.from(settings))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.jwt.jwks")
                .hasMessageContaining("must be set");
    }

    @Test
    void a_wrong_file_of_a_client_is_named_with_its_setting(@TempDir Path folder) throws IOException {
        Path none = folder.resolve("none.conf");
        Path kafka = Files.writeString(folder.resolve("kafka.properties"), "security.protocol=\\u12");
        Path driver = Files.writeString(folder.resolve("driver.conf"), "datastax-java-driver { basic {");

        for (Path file : new Path[] {none, kafka}) {
            assertThatThrownBy(() -> KafkaSettings.from(with("parley.kafka.client-file", file)))
                    .isInstanceOf(BadSetting.class)
                    .hasMessageContaining("parley.kafka.client-file")
                    .hasMessageContaining(file.toString());
        }
        for (Path file : new Path[] {none, driver}) {
            assertThatThrownBy(() -> CassandraSettings.from(with("parley.cassandra.driver-file", file)))
                    .isInstanceOf(BadSetting.class)
                    .hasMessageContaining("parley.cassandra.driver-file")
                    .hasMessageContaining(file.toString());
        }
    }

    private static Settings with(String key, Path file) {
        return Settings.of(
                ConfigFactory.parseMap(Map.of(key, file.toString())).withFallback(ConfigFactory.defaultReference()));
    }

    @Test
    void a_bad_value_names_its_key_and_what_was_expected() {
        Settings settings = Settings.of(ConfigFactory.parseMap(
                Map.of("a.port", "70000", "a.count", "many", "a.time", "soon", "a.flag", "perhaps")));

        assertThatThrownBy(() -> settings.port("a.port"))
                .hasMessageContaining("a.port")
                .hasMessageContaining("65535")
                .hasMessageContaining("70000");
        assertThatThrownBy(() -> settings.integer("a.count", 1, 2)).hasMessageContaining("a.count");
        assertThatThrownBy(() -> settings.duration("a.time")).hasMessageContaining("a.time");
        assertThatThrownBy(() -> settings.flag("a.flag")).hasMessageContaining("a.flag");
        assertThatThrownBy(() -> settings.port("a.nothing")).hasMessageContaining("a.nothing is missing");
    }

    @Test
    void durations_and_lists_are_read_in_their_usual_spelling() {
        Settings settings = Settings.of(ConfigFactory.parseMap(Map.of("d", "7d", "l", "a:1, b:2 ,")));

        assertThat(settings.duration("d")).isEqualTo(Duration.ofDays(7));
        assertThat(settings.list("l")).containsExactly("a:1", "b:2");
    }

    @Test
    void sections_are_told_by_their_names_in_order() {
        Settings settings =
                Settings.of(ConfigFactory.parseMap(Map.of("apps.b.key", "1", "apps.a.key", "2", "no", "3")));

        assertThat(settings.names("apps")).containsExactly("a", "b");
        assertThat(settings.names("nothing")).isEmpty();
        assertThatThrownBy(() -> settings.names("no")).hasMessageContaining("no must be sections");
    }

    @Test
    void a_file_named_at_the_start_overrides_the_defaults(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("parley.conf"), "parley.kafka.partitions = 64");
        System.setProperty("config.file", file.toString());
        try {
            assertThat(KafkaSettings.from(Settings.load()).partitions()).isEqualTo(64);
        } finally {
            System.clearProperty("config.file");
        }
    }

    @Test
    void the_environment_wins_over_the_file(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("parley.conf"), "parley.kafka.partitions = 64");
        ProcessBuilder child = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                PrintPartitions.class.getName());
        child.environment().put("PARLEY_CONFIG", file.toString());
        child.environment().put("PARLEY_KAFKA_PARTITIONS", "12");

        Process process = child.redirectErrorStream(true).start();

        assertThat(new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("12");
    }

    @Test
    void a_file_that_is_not_there_is_an_error() {
        System.setProperty("config.file", "/no/such/parley.conf");
        try {
            assertThatThrownBy(Settings::load)
                    .isInstanceOf(BadSetting.class)
                    .hasMessageContaining("/no/such/parley.conf");
        } finally {
            System.clearProperty("config.file");
        }
    }

    /** Run in a child JVM, for its environment. */
    static final class PrintPartitions {
        private PrintPartitions() {}

        public static void main(String[] args) {
            System.out.print(KafkaSettings.from(Settings.load()).partitions());
        }
    }
}
