package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.parley.identity.DevKeys;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who does not get in, and what they are told. */
@WithPlatform
class BadConnectIT extends BadInput {
    private static final int NOT_AUTHORIZED_3 = 5;
    private static final int NOT_AUTHORIZED_5 = 0x87;
    private static final int IDENTIFIER_REJECTED_3 = 2;
    private static final int IDENTIFIER_NOT_VALID_5 = 0x85;
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    BadConnectIT(Platform platform) {
        super(platform);
    }

    /** Tokens with which somebody says to be {@code victim}. */
    enum BadToken {
        ALTERED {
            @Override
            String of(UserId victim, UserId attacker, Platform platform) {
                String[] parts = platform.token(attacker, LIFETIME).split("\\.", -1);
                String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
                return parts[0] + "." + base64(claims.replace(attacker.value(), victim.value())) + "." + parts[2];
            }
        },
        SIGNED_WITH_ANOTHER_KEY {
            @Override
            String of(UserId victim, UserId attacker, Platform platform) throws IOException {
                Path directory = Files.createTempDirectory(platform.data(), "another-key");
                return DevKeys.openOrCreate(directory, "parley", "parley").sign(victim, LIFETIME);
            }
        },
        EXPIRED {
            @Override
            String of(UserId victim, UserId attacker, Platform platform) {
                return platform.token(victim, Duration.ofSeconds(-1));
            }
        },
        ANOTHER_USERS {
            @Override
            String of(UserId victim, UserId attacker, Platform platform) {
                return platform.token(attacker, LIFETIME);
            }
        },
        UNSIGNED {
            @Override
            String of(UserId victim, UserId attacker, Platform platform) {
                long end = Instant.now().plus(LIFETIME).getEpochSecond();
                String claims =
                        "{\"sub\":\"%s\",\"iss\":\"parley\",\"aud\":\"parley\",\"exp\":%d}".formatted(victim, end);
                return base64("{\"alg\":\"none\"}") + "." + base64(claims) + ".";
            }
        },
        NO_TOKEN_AT_ALL {
            @Override
            String of(UserId victim, UserId attacker, Platform platform) {
                return "secret";
            }
        };

        abstract String of(UserId victim, UserId attacker, Platform platform) throws IOException;

        static String base64(String text) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_bad_token_is_not_authorized(BadToken token) throws Exception {
        UserId victim = newUser("victim");
        UserId attacker = newUser("attacker");
        Login login = Login.of(platform, victim, "it").withPassword(token.of(victim, attacker, platform));

        assertThat(refusal3(login, PahoV3Client.options(login))).isEqualTo(NOT_AUTHORIZED_3);
        assertThat(refusal5(login, PahoV5Client.options(login))).isEqualTo(NOT_AUTHORIZED_5);
        assertNothingElseIsStored(victim, attacker);
    }

    @ParameterizedTest
    @ValueSource(strings = {"somebody/it", "somebody", "SELF", "SELF/", "SELF/a/b", "SELF/Phone", "SELF /it"})
    void a_client_id_that_is_not_the_users_is_not_valid(String pattern) throws Exception {
        UserId user = newUser("user");
        Login login = Login.of(platform, user, "it").withClientId(pattern.replace("SELF", user.value()));

        assertThat(refusal3(login, PahoV3Client.options(login))).isEqualTo(IDENTIFIER_REJECTED_3);
        assertThat(refusal5(login, PahoV5Client.options(login))).isEqualTo(IDENTIFIER_NOT_VALID_5);
        assertNothingElseIsStored(user, newUser("peer"));
    }

    @Test
    void a_will_on_a_chat_topic_is_refused() throws Exception {
        UserId user = newUser("user");
        UserId peer = newUser("peer");
        Login login = Login.of(platform, user, "it");
        byte[] will = "I am dead".getBytes(StandardCharsets.UTF_8);
        MqttConnectOptions options3 = PahoV3Client.options(login);
        options3.setWill(topic(user, peer), will, 1, false);
        MqttConnectionOptions options5 = PahoV5Client.options(login);
        options5.setWill(topic(user, peer), new MqttMessage(will));

        assertThat(refusal3(login, options3)).isEqualTo(NOT_AUTHORIZED_3);
        assertThat(refusal5(login, options5)).isEqualTo(NOT_AUTHORIZED_5);
        assertNothingElseIsStored(user, peer);
    }

    private static int refusal3(Login login, MqttConnectOptions options) {
        return catchThrowableOfType(MqttException.class, () -> new PahoV3Client(login, options))
                .getReasonCode();
    }

    private static int refusal5(Login login, MqttConnectionOptions options) {
        return catchThrowableOfType(
                        org.eclipse.paho.mqttv5.common.MqttException.class, () -> new PahoV5Client(login, options))
                .getReasonCode();
    }
}
