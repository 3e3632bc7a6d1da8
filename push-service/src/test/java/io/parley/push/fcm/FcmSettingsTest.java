package io.parley.push.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.parley.runtime.BadSetting;
import io.parley.runtime.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FcmSettingsTest {

    private static Settings settings(String text) {
        return Settings.of(ConfigFactory.parseString(text)
                .withFallback(ConfigFactory.defaultReference())
                .resolve());
    }

    private static Settings accounts(String value) {
        return settings("parley.push.fcm.service-accounts = \"" + value + "\"");
    }

    @Test
    void without_an_account_there_is_no_provider() {
        assertThat(new FcmProviderFactory().open(settings(""))).isEmpty();
    }

    @Test
    void one_path_serves_all_tokens() {
        FcmSettings found = FcmSettings.from(accounts("/run/fcm.json")).orElseThrow();

        assertThat(found.accounts()).isEqualTo(Map.of("", Path.of("/run/fcm.json")));
        assertThat(found.endpoint()).isEqualTo(URI.create("https://fcm.googleapis.com"));
        assertThat(found.requestTimeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void each_topic_may_have_its_own() {
        assertThat(FcmSettings.from(accounts("com.a = /a.json, com.b=/b.json, /rest.json"))
                        .orElseThrow()
                        .accounts())
                .isEqualTo(Map.of("com.a", Path.of("/a.json"), "com.b", Path.of("/b.json"), "", Path.of("/rest.json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.a=", "=/a.json", "com.a=/a,com.a=/b", "/a,/b", ","})
    void what_is_ambiguous_is_not_accepted(String value) {
        assertThatThrownBy(() -> FcmSettings.from(accounts(value)))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.push.fcm.service-accounts");
    }

    @Test
    void an_account_that_is_not_there_names_its_file() {
        assertThatThrownBy(() -> new FcmProviderFactory().open(accounts("/nowhere/fcm.json")))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.push.fcm.service-accounts")
                .hasMessageContaining("/nowhere/fcm.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fcm.googleapis.com", "https://fcm.googleapis.com/", "ftp://a", "https://a b"})
    void an_endpoint_is_an_address_without_a_path(String endpoint) {
        Settings bad = settings("parley.push.fcm { service-accounts = /a.json, endpoint = \"" + endpoint + "\" }");

        assertThatThrownBy(() -> FcmSettings.from(bad))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.push.fcm.endpoint");
    }
}
