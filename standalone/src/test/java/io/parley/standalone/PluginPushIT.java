package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.wire.RegisterPush;
import io.parley.protocol.wire.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A push system that a plugin serves, with the real push service between. */
@WithPlatform
class PluginPushIT extends ConversationChecks {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final UserId ANN = UserId.parse("plugin-push-ann");
    private static final UserId BEN = UserId.parse("plugin-push-ben");
    private static final ConversationId PAIR = ConversationId.direct(ANN, BEN);

    private final HttpServer url = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    private final List<JsonObject> taken = new CopyOnWriteArrayList<>();
    private final List<JsonObject> gone = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusing = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final PluginsOf plugins;

    PluginPushIT(Platform platform) throws IOException {
        super(platform);
        plugins = new PluginsOf(platform);
        url.createContext("/push", this::take);
        url.start();
    }

    @AfterEach
    void stop() throws IOException {
        plugins.clear();
        url.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonObject shown = JsonParser.parseString(
                            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                    .getAsJsonObject();
            exchange.sendResponseHeaders(status(shown), -1);
        }
    }

    private int status(JsonObject shown) {
        if (shown.get("token").getAsString().equals("gone")) {
            gone.add(shown);
            return 410;
        }
        if (refusing.get() > 0 && refusing.getAndDecrement() > 0) {
            refused.incrementAndGet();
            return 503;
        }
        taken.add(shown);
        return 204;
    }

    private static List<String> bodies(List<JsonObject> from) {
        return from.stream()
                .filter(shown -> shown.get("kind").getAsString().equals("ALERT"))
                .map(shown -> shown.get("body").getAsString())
                .toList();
    }

    private static RegisterPush registration(String provider, String token) {
        return RegisterPush.newBuilder()
                .setPlatform(PushPlatform.PLUGIN)
                .setProvider(provider)
                .setToken(token)
                .build();
    }

    @Test
    void who_is_away_is_notified_through_a_plugin_also_when_it_was_down_and_a_token_that_is_gone_goes()
            throws Exception {
        plugins.addExample(
                "push-relay", "url=http://127.0.0.1:" + url.getAddress().getPort() + "/push");
        await().atMost(PATIENCE).until(() -> plugins.state("push-relay").equals("RUNNING"));
        try (HiveDevice atAnn = device(ANN, "phone", PAIR)) {
            try (HiveDevice atBen = HiveDevice.connect(platform(), BEN + "/phone")) {
                assertThat(atBen.ask(named(Request.newBuilder().setRegisterPush(registration("Not A Name", "t"))))
                                .getError()
                                .getMessage())
                        .contains("provider");
                for (String token : List.of("bens", "gone")) {
                    assertThat(atBen.ask(named(Request.newBuilder().setRegisterPush(registration("relay", token))))
                                    .hasOk())
                            .isTrue();
                }
            }
            atAnn.send(PAIR, "m1", "where are you?");
            await().atMost(PATIENCE).until(() -> bodies(taken).contains("where are you?"));
            JsonObject shown = taken.get(0);
            assertThat(shown.get("token").getAsString()).isEqualTo("bens");
            assertThat(shown.get("title").getAsString()).isEqualTo(ANN.value());
            assertThat(shown.get("badge").getAsInt()).isEqualTo(1);

            refusing.set(2);
            atAnn.send(PAIR, "m2", "hello?");
            await().atMost(PATIENCE).until(() -> bodies(taken).contains("hello?"));
            assertThat(refused).hasValue(2);

            platform().hold(RoleName.PLUGINS);
            platform().kill(RoleName.PLUGINS);
            atAnn.send(PAIR, "m3", "are you there?");
            platform().release(RoleName.PLUGINS);
            await().atMost(PATIENCE).until(() -> bodies(taken).contains("are you there?"));
            assertThat(bodies(gone)).contains("where are you?").doesNotContain("are you there?");
        }
    }
}
