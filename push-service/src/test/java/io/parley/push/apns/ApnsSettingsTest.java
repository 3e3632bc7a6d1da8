package io.parley.push.apns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.parley.runtime.BadSetting;
import io.parley.runtime.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApnsSettingsTest {
    private static final String MAIN = "parley.push.apns.apps.main.";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void without_a_key_and_a_certificate_there_is_no_provider() {
        assertThat(new ApnsFactory().open(settings(Map.of()))).isEmpty();
    }

    @Test
    void the_topic_of_the_only_app_is_the_default() {
        ApnsSettings settings = ApnsSettings.from(settings(key(folder.resolve("key.p8"))));

        assertThat(settings.defaultTopic()).contains("chat.example");
        assertThat(settings.production().host()).isEqualTo("api.push.apple.com");
        assertThat(settings.sandbox().host()).isEqualTo("api.sandbox.push.apple.com");
    }

    @Test
    void all_other_topics_are_no_default() {
        Map<String, String> all = key(folder.resolve("key.p8"));
        all.put(MAIN + "topics", "*, chat.example");

        assertThat(ApnsSettings.from(settings(all)).defaultTopic()).contains("chat.example");
        all.put(MAIN + "topics", "*");
        assertThat(ApnsSettings.from(settings(all)).defaultTopic()).isEmpty();
    }

    @Test
    void a_topic_belongs_to_one_app_and_an_app_has_one_proof() {
        Map<String, String> twice = key(folder.resolve("key.p8"));
        twice.put("parley.push.apns.apps.other.topics", "x, chat.example");
        twice.put("parley.push.apns.apps.other.certificate-file", "other.p12");
        Map<String, String> both = key(folder.resolve("key.p8"));
        both.put(MAIN + "certificate-file", "main.p12");

        assertThatThrownBy(() -> ApnsSettings.from(settings(twice)))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.push.apns.apps.other.topics");
        assertThatThrownBy(() -> ApnsSettings.from(settings(both)))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining(MAIN + "certificate-file");
    }

    @Test
    void a_file_that_is_no_key_stops_the_start_with_its_name_and_nothing_of_its_content() throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.p8"), "the secret itself");

        assertThatThrownBy(() -> new ApnsFactory().open(settings(key(file))))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("wrong.p8")
                .hasMessageNotContaining("the secret itself");
        assertThatThrownBy(() -> new ApnsFactory().open(settings(key(folder.resolve("missing.p8")))))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("missing.p8");
    }

    private static Map<String, String> key(Path file) {
        Map<String, String> all = new HashMap<>();
        all.put(MAIN + "topics", "chat.example");
        all.put(MAIN + "key-file", file.toString());
        all.put(MAIN + "key-id", "KEY1234567");
        all.put(MAIN + "team-id", "TEAM123456");
        return all;
    }

    private static Settings settings(Map<String, String> given) {
        return Settings.of(ConfigFactory.parseMap(given)
                .withFallback(ConfigFactory.defaultReference())
                .resolve());
    }
}
