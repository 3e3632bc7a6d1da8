package io.parley.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.embedded.EmbeddedHiveMQ;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.parley.runtime.BadSetting;
import io.parley.runtime.Settings;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.SAXException;

/** What HiveMQ is told follows HiveMQ's own schema, where a misspelt element would otherwise be its default without a word. */
final class HiveConfigurationTest {
    @TempDir
    Path directory;

    @Test
    void the_defaults_follow_hivemqs_schema() throws Exception {
        validate(configuration(Map.of()));
    }

    @Test
    void a_tls_listener_follows_hivemqs_schema() throws Exception {
        Path keystore = Files.writeString(directory.resolve("keystore.p12"), "a key store");
        String configuration = configuration(Map.of(
                "parley.tls.keystore", keystore.toString(),
                "parley.tls.keystore-password", "a<b&c",
                "parley.mqtt.connect-timeout", "3s"));
        validate(configuration);
        assertThat(configuration)
                .contains("<password>a&lt;b&amp;c</password>")
                .contains("<handshake-timeout>3000</handshake-timeout>");
    }

    @Test
    void the_connections_limits_are_settings() throws Exception {
        String configuration = configuration(Map.of(
                "parley.mqtt.max-connections", "77",
                "parley.mqtt.connect-timeout", "1500ms",
                "parley.mqtt.incoming-bytes-per-second", "3 MiB"));
        validate(configuration);
        assertThat(configuration)
                .contains("<max-connections>77</max-connections>")
                .contains("<no-connect-idle-timeout>1500</no-connect-idle-timeout>")
                .contains("<incoming-bandwidth-throttling>3145728</incoming-bandwidth-throttling>");
    }

    @Test
    void a_bad_limit_names_its_key() {
        assertBad("parley.mqtt.max-connections", "0");
        assertBad("parley.mqtt.connect-timeout", "0s");
        assertBad("parley.mqtt.connects-per-second", "0");
        assertBad("parley.mqtt.incoming-bytes-per-second", "many");
        assertBad("parley.mqtt.incoming-bytes-per-second", "-1");
    }

    private static void assertBad(String key, String value) {
        assertThatThrownBy(() -> configuration(Map.of(key, value)))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining(key);
    }

    private static String configuration(Map<String, String> settings) {
        Config config = ConfigFactory.parseMap(settings).withFallback(ConfigFactory.defaultReference());
        return HiveConfiguration.of(BrokerSettings.from(Settings.of(config)));
    }

    private static void validate(String configuration) throws IOException, SAXException {
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(Objects.requireNonNull(EmbeddedHiveMQ.class.getResource("/config.xsd")))
                .newValidator()
                .validate(new StreamSource(new StringReader(configuration)));
    }
}
