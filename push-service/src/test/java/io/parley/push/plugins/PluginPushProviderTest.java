package io.parley.push.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.ConfigFactory;
import io.parley.protocol.plugin.PushAccepted;
import io.parley.protocol.plugin.PushAnswer;
import io.parley.protocol.plugin.PushKind;
import io.parley.protocol.plugin.PushLater;
import io.parley.protocol.plugin.PushQuestion;
import io.parley.protocol.plugin.PushRefused;
import io.parley.protocol.plugin.PushTokenGone;
import io.parley.protocol.push.Alert;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushOutcome.Trouble;
import io.parley.push.provider.PushProvider;
import io.parley.runtime.BadSetting;
import io.parley.runtime.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the plugin service's answers; the service is played. */
class PluginPushProviderTest {
    private static final PushToken TOKEN = PushToken.newBuilder()
            .setPlatform(PushPlatform.PLUGIN)
            .setProvider("relay")
            .setToken("t1")
            .build();
    private static final Notification NOTIFICATION = Notification.newBuilder()
            .setUser("ann")
            .setConversation("ann~ben")
            .setSeq(7)
            .setBadge(3)
            .setExpiresAtMillis(4_000_000_000_000L)
            .setAlert(Alert.newBuilder().setTitle("ben").setBody("hi").setMention(true))
            .build();

    private final HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    private final BlockingQueue<PushQuestion> questions = new LinkedBlockingQueue<>();
    private volatile int status = 200;
    private volatile byte[] answer = new byte[0];
    private final PushProvider provider;

    PluginPushProviderTest() throws IOException {
        service.createContext("/push", exchange -> {
            try (exchange) {
                questions.add(PushQuestion.parseFrom(exchange.getRequestBody()));
                exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        service.start();
        provider = open("relay, sms", "127.0.0.1:" + service.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        provider.close();
        service.stop(0);
    }

    private static PushProvider open(String names, String address) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("parley.push.plugins", names);
        settings.put("parley.plugins.address", address);
        return new PluginPushFactory()
                .open(Settings.of(ConfigFactory.parseMap(settings).withFallback(ConfigFactory.defaultReference())))
                .orElseThrow();
    }

    private PushOutcome send(PushToken token) throws Exception {
        return provider.send(token, NOTIFICATION).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private PushOutcome answered(PushAnswer.Builder told) throws Exception {
        answer = told.build().toByteArray();
        return send(TOKEN);
    }

    @Test
    void a_plugin_is_shown_what_is_to_be_shown() throws Exception {
        assertThat(answered(PushAnswer.newBuilder().setAccepted(PushAccepted.getDefaultInstance())))
                .isEqualTo(new PushOutcome.Accepted());

        PushQuestion asked = questions.take();
        assertThat(asked.getCollapseId()).hasSize(32);
        assertThat(asked.getDeadlineMillis()).isEqualTo(10_000);
        assertThat(asked.toBuilder().clearCollapseId().clearDeadlineMillis().build())
                .isEqualTo(PushQuestion.newBuilder()
                        .setProvider("relay")
                        .setToken("t1")
                        .setKind(PushKind.PUSH_ALERT)
                        .setTitle("ben")
                        .setBody("hi")
                        .setConversation("ann~ben")
                        .setSeq(7)
                        .setBadge(3)
                        .setMention(true)
                        .setExpiresAtMillis(4_000_000_000_000L)
                        .build());
    }

    @Test
    void each_answer_has_its_outcome() throws Exception {
        assertThat(answered(PushAnswer.newBuilder().setTokenGone(PushTokenGone.getDefaultInstance())))
                .isEqualTo(new PushOutcome.TokenGone(0, "TokenGone"));
        assertThat(answered(PushAnswer.newBuilder().setRefused(PushRefused.getDefaultInstance())))
                .isEqualTo(new PushOutcome.Refused("Refused"));
        assertThat(answered(
                        PushAnswer.newBuilder().setLater(PushLater.newBuilder().setRetryAfterMillis(5_000))))
                .isEqualTo(new PushOutcome.Later(Duration.ofSeconds(5), "Later", Trouble.PROVIDER));
        assertThat(answered(
                        PushAnswer.newBuilder().setLater(PushLater.newBuilder().setTokenOnly(true))))
                .isEqualTo(new PushOutcome.Later(Duration.ZERO, "Later", Trouble.TOKEN));
        assertThat(answered(PushAnswer.newBuilder().setUnanswered("it threw: secret")))
                .isEqualTo(new PushOutcome.Later(Duration.ZERO, "Unanswered", Trouble.PROVIDER));
        assertThat(answered(PushAnswer.newBuilder()))
                .isEqualTo(new PushOutcome.Later(Duration.ZERO, "Unanswered", Trouble.PROVIDER));
        status = 500;
        assertThat(send(TOKEN)).isEqualTo(new PushOutcome.Later(Duration.ZERO, "Status500", Trouble.PROVIDER));
    }

    @Test
    void while_the_service_is_away_attempts_are_repeated() throws Exception {
        service.stop(0);

        assertThat(send(TOKEN)).isEqualTo(new PushOutcome.Later(Duration.ZERO, "NoAnswer", Trouble.PROVIDER));
    }

    @Test
    void names_that_the_operator_does_not_know_are_not_asked_and_share_a_circuit() throws Exception {
        PushToken foreign = TOKEN.toBuilder().setProvider("made-up").build();

        assertThat(send(foreign)).isEqualTo(new PushOutcome.NotConfigured("unknown provider"));
        assertThat(questions).isEmpty();
        assertThat(provider.circuit(foreign)).isEqualTo("unknown provider");
        assertThat(provider.circuit(TOKEN)).isEqualTo("relay");
    }

    @Test
    void settings_that_cannot_be_used_are_named() {
        assertThatThrownBy(() -> open("Relay", "127.0.0.1:1"))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.push.plugins");
        assertThatThrownBy(() -> open("relay", ""))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.plugins.address");
    }
}
