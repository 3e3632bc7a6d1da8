package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import io.parley.runtime.BadSetting;
import io.parley.runtime.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressesTest {

    @Test
    void the_file_of_settings_changes_a_port(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("parley.conf"), "parley.mqtt.port = 2883");
        System.setProperty("config.file", file.toString());
        try {
            Addresses addresses = Addresses.from(Settings.load());

            assertThat(addresses.mqtt()).isEqualTo(2883);
            assertThat(addresses.http()).isEqualTo(8080);
            assertThat(addresses.environment())
                    .containsEntry("PARLEY_MQTT_PORT", "2883")
                    .containsEntry("PARLEY_KAFKA_BOOTSTRAP", "127.0.0.1:19092");
            assertThat(Addresses.from(addresses.environment())).isEqualTo(addresses);
        } finally {
            System.clearProperty("config.file");
        }
    }

    @Test
    void what_is_no_port_names_its_setting() {
        assertThatThrownBy(() -> Addresses.from(with("parley.history.port = http")))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.history.port")
                .hasMessageContaining("PARLEY_HTTP_PORT")
                .hasMessageContaining("http");
        assertThatThrownBy(() -> Addresses.from(with("parley.history.port = 65536")))
                .isInstanceOf(BadSetting.class);
        assertThatThrownBy(() -> plan("parley.history.port = 0").requireUsable())
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("PARLEY_HTTP_PORT");
    }

    @Test
    void two_settings_with_the_same_port_are_both_named() {
        assertThatThrownBy(() -> plan("parley.history.port = 1883").requireUsable())
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("1883")
                .hasMessageContaining("PARLEY_MQTT_PORT")
                .hasMessageContaining("PARLEY_HTTP_PORT");
        assertThatCode(() -> plan("").requireUsable()).doesNotThrowAnyException();
    }

    @Test
    void the_services_read_the_same_settings_with_the_same_defaults() throws Exception {
        Map<String, Object> set = new HashMap<>();
        for (Port port : Port.values()) {
            set.put(port.variable(), 40_000 + set.size());
        }
        Config own = ConfigFactory.parseResources("reference.conf");
        Config services = ConfigFactory.empty();
        for (String module : List.of(
                "broker-extensions/chat-extension",
                "bridge/engine",
                "bridge/archiver",
                "history-service",
                "push-service",
                "plugin-service")) {
            Path file = Installation.find().home().resolve(module).resolve("src/main/resources/reference.conf");
            services = services.withFallback(ConfigFactory.parseFile(file.toFile()));
        }
        for (Map<String, Object> variables : List.of(Map.<String, Object>of(), set)) {
            Config ours = own.withFallback(ConfigFactory.parseMap(variables)).resolve(ConfigResolveOptions.noSystem());
            Config theirs =
                    services.withFallback(ConfigFactory.parseMap(variables)).resolve(ConfigResolveOptions.noSystem());
            for (Port port : Port.values()) {
                assertThat(variables.getOrDefault(port.variable(), ours.getInt(port.key())))
                        .isEqualTo(ours.getInt(port.key()));
                if (!port.key().startsWith("parley.standalone.")) {
                    assertThat(theirs.getInt(port.key())).as(port.key()).isEqualTo(ours.getInt(port.key()));
                }
            }
        }
    }

    private static Plan plan(String text) {
        return Layout.ALONE.plan(Addresses.from(with(text)), EnumSet.allOf(RoleName.class), new ClusterSettings(1, 1));
    }

    private static Settings with(String text) {
        return Settings.of(ConfigFactory.parseString(text).withFallback(ConfigFactory.defaultReference()));
    }
}
