package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.Test;

/** A user's tokens are revoked: on all transports, at each node, and for good. */
@WithPlatform
class RevocationIT extends ConversationChecks {
    private static final UserId ANN = UserId.parse("revoked-ann");
    private static final UserId BEN = UserId.parse("revoked-ben");
    private static final ConversationId PAIR = ConversationId.direct(ANN, BEN);
    private static final int NOT_AUTHORIZED_3 = 5;
    private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"([^\"]+)\"");

    private final HttpClient http = HttpClient.newHttpClient();

    RevocationIT(Platform platform) {
        super(platform);
    }

    @Test
    void tokens_are_void_at_once_at_each_node_whoever_was_away_and_after_restarts() throws Exception {
        Login phone = Login.of(platform(), ANN, "phone");
        Login tablet = Login.of(platform(), ANN, "tablet");
        try (SecondNode second = SecondNode.start(platform());
                HiveDevice ben = device(BEN, "phone", PAIR);
                HiveDevice atPhone = HiveDevice.connect(phone);
                PahoV3Client atTablet = new PahoV3Client(second.at(tablet))) {
            atPhone.subscribe(PAIR);
            ben.send(PAIR, "m1", "before");
            awaitEvents(atPhone, 1);
            awaitHead(ANN, PAIR, 1);
            CompletableFuture<Integer> refused = pollUntilRefused(phone.password());
            await().atMost(LIMIT).until(() -> get("/v1/conversations", phone.password()) == 200);

            revoke(ANN);

            await().atMost(LIMIT).until(() -> atPhone.ended().isDone() && !atTablet.isConnected());
            assertThat(atPhone.ended().get().cause())
                    .isInstanceOfSatisfying(
                            Mqtt5DisconnectException.class,
                            end -> assertThat(end.getMqttMessage().getReasonCode())
                                    .isEqualTo(Mqtt5DisconnectReasonCode.NOT_AUTHORIZED));
            assertThat(refused.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(401);
            await().atMost(LIMIT).until(() -> get("/v1/conversations", phone.password()) == 401);
            assertThat(post(phone.password())).isEqualTo(401);
            assertVoid(phone, tablet);
            assertVoid(second.at(phone), second.at(tablet));
            assertThat(ben.ended()).as("nobody else is concerned").isNotDone();

            // A node that was away, and an engine and an HTTP service that start anew.
            second.kill();
            revokeByHttp(BEN);
            await().atMost(LIMIT).until(() -> ben.ended().isDone());
            platform().restart(RoleName.ENGINE);
            platform().restart(RoleName.HISTORY);
            second.startAgain();
            assertVoid(second.at(phone), second.at(tablet));
            await().atMost(LIMIT).until(() -> get("/v1/conversations", phone.password()) != 503);
            assertThat(get("/v1/conversations", phone.password())).isEqualTo(401);

            // A token that was issued afterwards is good, and the session is the one from before.
            try (HiveDevice again = HiveDevice.connect(second.at(Login.of(platform(), ANN, "phone")));
                    HiveDevice benAgain = HiveDevice.connect(platform(), BEN + "/phone")) {
                benAgain.send(PAIR, "m2", "after");
                awaitEvents(again, 1);
                assertThat(again.events().get(0).getText()).isEqualTo("after");
            }
            assertThat(get("/v1/conversations", platform().token(ANN, Duration.ofMinutes(5))))
                    .isEqualTo(200);
        }
    }

    /** Both are told that they are not authorized. */
    private static void assertVoid(Login version5, Login version3) {
        ExecutionException refused = catchThrowableOfType(
                ExecutionException.class, () -> HiveDevice.connect(version5).close());
        assertThat(refused.getCause())
                .isInstanceOfSatisfying(
                        Mqtt5ConnAckException.class,
                        answer -> assertThat(answer.getMqttMessage().getReasonCode())
                                .isEqualTo(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED));
        assertThat(catchThrowableOfType(MqttException.class, () -> new PahoV3Client(version3))
                        .getReasonCode())
                .isEqualTo(NOT_AUTHORIZED_3);
    }

    /** Returns when tokens that are issued from now on are good. */
    private void revoke(UserId user) throws Exception {
        ProcessBuilder command = new ProcessBuilder(
                        ClientProgram.REVOKE.command(Installation.find(), List.of(user.value())))
                .inheritIO();
        command.environment().putAll(platform().environment());
        Process process = command.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        awaitNextSecond();
    }

    private static void awaitNextSecond() {
        long second = Instant.now().getEpochSecond();
        await().until(() -> Instant.now().getEpochSecond() > second);
    }

    private void revokeByHttp(UserId user) throws Exception {
        String path = "/v1/operator/users/" + user + "/tokens";
        assertThat(delete(path, platform().token(user, Duration.ofMinutes(5))))
                .as("no user may")
                .isEqualTo(401);
        assertThat(delete(path, PlatformExtension.OPERATOR_KEY)).isEqualTo(204);
        awaitNextSecond();
    }

    private int delete(String path, String key) throws Exception {
        return http.send(request(path, key).DELETE().build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** One poll after the other, as a page does; the status of the one that is refused. */
    private CompletableFuture<Integer> pollUntilRefused(String token) {
        return poll(token, "");
    }

    private CompletableFuture<Integer> poll(String token, String cursor) {
        return http.sendAsync(
                        request("/v1/poll?device=web&wait=60" + cursor, token).build(),
                        HttpResponse.BodyHandlers.ofString())
                .thenCompose(answer -> {
                    if (answer.statusCode() >= 400) {
                        return CompletableFuture.completedFuture(answer.statusCode());
                    }
                    Matcher next = CURSOR.matcher(answer.body());
                    return poll(token, next.find() ? "&cursor=" + next.group(1) : cursor);
                });
    }

    private int get(String path, String token) throws Exception {
        return http.send(request(path, token).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private int post(String token) throws Exception {
        HttpRequest request = request("/v1/conversations/" + PAIR + "/messages", token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"id\":\"void\",\"text\":\"void\"}"))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private HttpRequest.Builder request(String path, String token) {
        return HttpRequest.newBuilder(URI.create("http://" + Addresses.HOST + ":"
                        + platform().addresses().http() + path))
                .timeout(Duration.ofSeconds(70))
                .header("Authorization", "Bearer " + token);
    }
}
