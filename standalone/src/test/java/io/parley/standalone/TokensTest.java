package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.parley.identity.DevKeys;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @Test
    void what_the_user_has_set_reaches_every_process() throws Exception {
        Settings settings = with("parley { tls.keystore = /etc/parley.p12, mqtt.port = 2883\n"
                + "jwt { jwks = \"https://id.example/keys\", issuer = \"https://id.example\", audience = chat } }");

        Map<String, String> environment =
                PlatformEnvironment.of(settings, Addresses.from(settings).environment(), data);

        assertThat(environment)
                .containsEntry("PARLEY_JWKS", "https://id.example/keys")
                .containsEntry("PARLEY_JWT_ISSUER", "https://id.example")
                .containsEntry("PARLEY_JWT_AUDIENCE", "chat")
                .containsEntry("PARLEY_MQTT_PORT", "2883")
                .doesNotContainKeys("PARLEY_TLS_KEYSTORE", "PARLEY_TLS_KEYSTORE_PASSWORD", "PARLEY_DEVELOPMENT_TOKENS");
    }

    @Test
    void the_page_gives_tokens_of_the_own_key_on_loopback_only() throws Exception {
        assertThat(environment(""))
                .containsEntry("PARLEY_DEVELOPMENT_TOKENS", Tokens.folder(data).toString());
        assertThat(environment("parley.bind = \"0.0.0.0\"")).doesNotContainKey("PARLEY_DEVELOPMENT_TOKENS");
        assertThat(environment("parley.standalone.development-tokens = false"))
                .doesNotContainKey("PARLEY_DEVELOPMENT_TOKENS");
    }

    private Map<String, String> environment(String text) throws Exception {
        Settings settings = with(text);
        return PlatformEnvironment.of(settings, Addresses.from(settings).environment(), data);
    }

    @Test
    void without_a_setting_the_own_key_is_in_use() throws Exception {
        JwtSettings believed = Tokens.believed(with(""), data);

        assertThat(Tokens.keys(data, believed).jwks()).isEqualTo(Path.of(believed.jwks()));
    }

    @Test
    void who_asks_for_a_token_is_told_when_they_come_from_elsewhere() {
        JwtSettings believed = Tokens.believed(with("parley.jwt.jwks = \"https://id.example/keys\""), data);

        assertThatThrownBy(() -> Tokens.keys(data, believed))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("https://id.example/keys");
    }

    @Test
    void a_copy_of_the_own_keys_is_not_elsewhere() throws Exception {
        DevKeys own = Tokens.keys(data, Tokens.believed(with(""), data));
        Path copy = Files.copy(own.jwks(), data.resolve("copy.json"));

        JwtSettings believed = Tokens.believed(with("parley.jwt.jwks = \"" + copy + "\""), data);

        assertThat(Tokens.keys(data, believed).areIn(copy)).isTrue();
    }

    private static Settings with(String text) {
        return Settings.of(ConfigFactory.parseString(text).withFallback(ConfigFactory.defaultReference()));
    }
}
