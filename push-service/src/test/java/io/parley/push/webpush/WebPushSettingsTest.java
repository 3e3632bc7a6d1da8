package io.parley.push.webpush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.parley.push.sink.VapidKey;
import io.parley.runtime.BadSetting;
import io.parley.runtime.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway.Init")
class WebPushSettingsTest {
    private static final String SUBJECT = "parley.push.web-push.subject = \"mailto:push@example.org\"\n";

    @TempDir
    Path folder;

    private static Settings settings(String text) {
        return Settings.of(ConfigFactory.parseString(text)
                .withFallback(ConfigFactory.defaultReference())
                .resolve());
    }

    private static String key(Path file) {
        return "parley.push.web-push.vapid-key = \"" + file + "\"\n";
    }

    @Test
    void without_a_key_there_is_no_provider() {
        assertThat(new WebPushProviderFactory().open(settings(""))).isEmpty();
    }

    @Test
    void by_default_only_https_on_its_port_is_sent_to() {
        WebPushSettings found =
                WebPushSettings.from(settings(key(folder) + SUBJECT)).orElseThrow();

        assertThat(found.endpoints().local()).isFalse();
        assertThat(found.endpoints().ports()).containsExactly(443);
        assertThat(found.endpoints().hosts()).containsExactly(new HostPattern("*"));
        assertThat(found.noWithdrawals()).containsExactly(new HostPattern("*.push.apple.com"));
        assertThat(found.requestTimeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void a_key_opens_the_provider() throws Exception {
        Path file = Files.writeString(folder.resolve("vapid.pem"), VapidKey.newFile());

        assertThat(new WebPushProviderFactory().open(settings(key(file) + SUBJECT)))
                .hasValueSatisfying(provider -> provider.close());
    }

    @Test
    void a_key_that_cannot_be_read_names_its_setting() throws IOException {
        Path file = Files.writeString(folder.resolve("vapid.pem"), "secret");

        assertThatThrownBy(() -> new WebPushProviderFactory().open(settings(key(file) + SUBJECT)))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.push.web-push.vapid-key")
                .hasMessageContaining("openssl genpkey")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "push@example.org", "mailto:a\\\"b@example.org", "mailto:a b@example.org", "mailto:"})
    void a_subject_is_an_address(String subject) {
        Settings bad = settings(key(folder) + "parley.push.web-push.subject = \"" + subject + "\"");

        assertThatThrownBy(() -> WebPushSettings.from(bad))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.push.web-push.subject");
    }

    @Test
    void a_port_is_a_number() {
        assertThatThrownBy(() ->
                        WebPushSettings.from(settings(key(folder) + SUBJECT + "parley.push.web-push.ports = https")))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.push.web-push.ports");
    }
}
