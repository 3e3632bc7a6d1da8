package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAckReasonCode;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens that a plugin knows, on MQTT and HTTP. */
@WithPlatform
class OtherTokensIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final UserId ANN = UserId.parse("other-ann");
    private static final UserId BEN = UserId.parse("other-ben");
    private static final UserId OWN = UserId.parse("other-own");
    private static final int UNAVAILABLE_3 = 3;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Platform platform;
    private final PluginsOf plugins;
    private final String telemetry = "telemetry/" + UUID.randomUUID();
    private final Login ann;
    private final Login ben;
    private final Login lost;

    OtherTokensIT(Platform platform) {
        this.platform = platform;
        this.plugins = new PluginsOf(platform);
        this.ann = login(ANN, "an opaque token of Ann's");
        this.ben = login(BEN, "an opaque token of Ben's");
        this.lost = login(ANN, "a lost token");
    }

    private Login login(UserId user, String token) {
        return new Login(platform.addresses().mqtt(), user + "/phone", user.value(), token);
    }

    @AfterEach
    void without_plugins_there_are_parleys_own_tokens_alone() throws Exception {
        plugins.clear();
        await().atMost(LIMIT).until(() -> get(ben.password()).statusCode() == 401);
    }

    @Test
    void what_a_plugin_knows_opens_every_door_and_while_it_is_away_the_answer_is_not_now() throws Exception {
        addTokens();
        await().atMost(LIMIT).until(() -> get(ann.password()).statusCode() == 200);
        Mqtt5BlockingClient atAnn = ann.hiveMq().buildBlocking();
        atAnn.connect();
        atAnn.publishWith()
                .topic("chat/@" + OWN + "/msg")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload("hello".getBytes(StandardCharsets.UTF_8))
                .send();
        subscribe(atAnn, telemetry + "/in");
        assertThat(catchThrowableOfType(Mqtt5SubAckException.class, () -> subscribe(atAnn, "telemetry/other"))
                        .getMqttMessage()
                        .getReasonCodes())
                .containsExactly(Mqtt5SubAckReasonCode.NOT_AUTHORIZED);
        refused_for_good_with_the_plugins_reason();

        platform.hold(RoleName.PLUGINS);
        platform.kill(RoleName.PLUGINS);
        assertThat(refusal(ben).getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.SERVER_UNAVAILABLE);
        assertThat(catchThrowableOfType(MqttException.class, () -> new PahoV3Client(ben))
                        .getReasonCode())
                .isEqualTo(UNAVAILABLE_3);
        HttpResponse<String> notNow = get(ben.password());
        assertThat(notNow.statusCode()).isEqualTo(503);
        assertThat(notNow.headers().firstValue("Retry-After")).isPresent();
        Login own = Login.of(platform, OWN, "phone");
        HiveDevice.connect(own).close();
        assertThat(get(own.password()).statusCode()).isEqualTo(200);
        assertThat(atAnn.getState().isConnected()).isTrue();

        platform.release(RoleName.PLUGINS);
        await().atMost(LIMIT).until(() -> get(ben.password()).statusCode() == 200);
        await().atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(() -> HiveDevice.connect(ben).close());

        revoked_tokens_are_void_though_the_plugin_knows_them(atAnn);
    }

    private void addTokens() throws Exception {
        plugins.addExample(
                "token-list",
                String.join(
                        "\n",
                        listed("ann", ann, ANN),
                        "ann.publish=" + telemetry + "/#",
                        "ann.subscribe=" + telemetry + "/#",
                        listed("ben", ben, BEN),
                        "lost.sha256=" + sha256(lost.password()),
                        "lost.refused=this token was reported as lost"));
    }

    private static String listed(String name, Login login, UserId user) throws Exception {
        return String.join(
                "\n",
                name + ".sha256=" + sha256(login.password()),
                name + ".user=" + user,
                name + ".issued=" + Instant.now().minusSeconds(60),
                name + ".expires=" + Instant.now().plusSeconds(3600));
    }

    private static String sha256(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static void subscribe(Mqtt5BlockingClient client, String filter) {
        client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send();
    }

    private void refused_for_good_with_the_plugins_reason() throws Exception {
        Mqtt5ConnAck told = refusal(lost);
        assertThat(told.getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED);
        assertThat(told.getReasonString().map(Object::toString)).contains("this token was reported as lost");
        HttpResponse<String> refused = get(lost.password());
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("this token was reported as lost");
        assertThat(refusal(lost.withPassword("nobody knows it")).getReasonCode())
                .isEqualTo(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED);
        assertThat(refusal(lost.withPassword("x".repeat(60_000))).getReasonCode())
                .isEqualTo(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED);
        assertThat(refusal(ben.withPassword(ann.password())).getReasonCode())
                .as("another user's")
                .isEqualTo(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED);
    }

    private void revoked_tokens_are_void_though_the_plugin_knows_them(Mqtt5BlockingClient atAnn) throws Exception {
        assertThat(http.send(
                                request("/v1/operator/users/" + ANN + "/tokens", PlatformExtension.OPERATOR_KEY)
                                        .DELETE()
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(204);
        await().atMost(LIMIT).until(() -> !atAnn.getState().isConnected());
        await().atMost(LIMIT).until(() -> get(ann.password()).statusCode() == 401);
        assertThat(refusal(ann).getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED);
        assertThat(get(ben.password()).statusCode())
                .as("nobody else is concerned")
                .isEqualTo(200);
    }

    private static Mqtt5ConnAck refusal(Login login) {
        return catchThrowableOfType(
                        Mqtt5ConnAckException.class,
                        () -> login.hiveMq().buildBlocking().connect())
                .getMqttMessage();
    }

    private HttpResponse<String> get(String token) throws IOException, InterruptedException {
        return http.send(request("/v1/conversations", token).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String token) {
        return HttpRequest.newBuilder(URI.create(
                        "http://" + Addresses.HOST + ":" + platform.addresses().http() + path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token);
    }
}
