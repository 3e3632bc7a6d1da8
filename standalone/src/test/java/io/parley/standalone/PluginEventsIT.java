package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.parley.protocol.ConversationId;
import io.parley.protocol.LogPartition;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plugins that are told of events, and that act: a bot that answers, and a bridge to HTTP services. */
@WithPlatform
class PluginEventsIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final String SECRET = "not for production";
    /** Conversations in each partition. */
    private static final int SHARING = 4;

    private static final int PARTITIONS = 2;

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final Platform platform;
    private final PluginsOf plugins;
    private final UserId ann = UserId.parse("events-ann" + COUNTER.incrementAndGet());

    PluginEventsIT(Platform platform) {
        this.platform = platform;
        this.plugins = new PluginsOf(platform);
    }

    @AfterEach
    void remove() throws IOException {
        plugins.clear();
    }

    private void awaitReading(String plugin) {
        awaitReading(plugins, plugin);
    }

    private static void awaitReading(PluginsOf service, String plugin) {
        await().atMost(LIMIT)
                .until(() -> service.shown(plugin)
                        .filter(one -> !one.getAsJsonArray("subscriptions").isEmpty())
                        .map(one -> one.getAsJsonArray("subscriptions").get(0).getAsJsonObject())
                        .filter(subscription -> subscription.get("reading").getAsBoolean())
                        .isPresent());
    }

    private static List<String> texts(ChatClient client, String from) {
        return client.received().stream()
                .map(received -> JsonParser.parseString(received.payload()).getAsJsonObject())
                .filter(event -> event.get("from").getAsString().equals(from))
                .map(event -> event.get("text").getAsString())
                .toList();
    }

    @Test
    void a_bot_answers_each_message_once_also_those_that_came_while_its_process_was_down() throws Exception {
        plugins.addExample("auto-responder", "bot=bot-help\nword=/help\nanswer=here I am\n");
        awaitReading("auto-responder");
        try (HiveMqClient client = new HiveMqClient(Login.of(platform, ann, "it"))) {
            client.subscribe("chat/+/msg");
            client.publish("chat/@bot-help/msg", text("/help me"));
            await().atMost(LIMIT).until(() -> texts(client, "bot-help").size() == 1);

            platform.hold(RoleName.PLUGINS);
            platform.kill(RoleName.PLUGINS);
            client.publish("chat/@bot-help/msg", text("/help while you are away"));
            client.publish("chat/@bot-help/msg", text("nothing for you"));
            platform.release(RoleName.PLUGINS);
            await().atMost(LIMIT).until(() -> texts(client, "bot-help").size() == 2);

            client.publish("chat/@bot-help/msg", text("/help again"));
            await().atMost(LIMIT).until(() -> texts(client, "bot-help").size() >= 3);
            assertThat(texts(client, "bot-help")).containsExactly("here I am", "here I am", "here I am");
        }
    }

    @Test
    void two_services_share_the_events_of_a_plugin_and_one_takes_over_when_the_other_dies() throws Exception {
        plugins.addExample("auto-responder", "bot=bot-help\nword=/help\nanswer=here I am\n");
        awaitReading(plugins, "auto-responder");
        List<HiveMqClient> clients = new ArrayList<>();
        try (SecondPlugins second = SecondPlugins.start(platform)) {
            PluginsOf others = new PluginsOf(platform, second.operationsPort());
            awaitReading(others, "auto-responder");
            for (int partition = 0; partition < PARTITIONS; partition++) {
                talkersIn(partition).forEach(user -> clients.add(new HiveMqClient(Login.of(platform, user, "it"))));
            }
            long before = handled(plugins);
            askAll(clients, 1);
            long events = 2L * clients.size();
            await().atMost(LIMIT).until(() -> handled(plugins) - before + handled(others) >= events);
            assertThat(handled(plugins)).isGreaterThan(before);
            assertThat(handled(others)).isPositive();
            assertThat(handled(plugins) - before + handled(others))
                    .as("each goes to one of them")
                    .isEqualTo(events);

            platform.hold(RoleName.PLUGINS);
            platform.kill(RoleName.PLUGINS);
            askAll(clients, 2);
            platform.release(RoleName.PLUGINS);
        } finally {
            clients.forEach(HiveMqClient::close);
        }
    }

    /** Users whose conversations with the bot are in that partition. */
    private static Stream<UserId> talkersIn(int partition) {
        UserId bot = UserId.parse("bot-help");
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> UserId.parse("events-sharing" + i))
                .filter(user -> LogPartition.of(ConversationId.direct(user, bot), PARTITIONS) == partition)
                .limit(SHARING);
    }

    private static long handled(PluginsOf plugins) {
        return plugins.figure("auto-responder", "handled");
    }

    /** Each asks the bot, and has so many answers then. */
    private static void askAll(List<HiveMqClient> clients, int answers) {
        for (HiveMqClient client : clients) {
            if (answers == 1) {
                client.subscribe("chat/+/msg");
            }
            client.publish("chat/@bot-help/msg", text("/help"));
        }
        for (HiveMqClient client : clients) {
            await().atMost(LIMIT).until(() -> texts(client, "bot-help").size() == answers);
        }
    }

    @Test
    void a_bridge_posts_events_until_they_are_taken_and_brings_messages_in() throws Exception {
        int port = freePort();
        try (Hooks hooks = new Hooks(2);
                HiveMqClient client = new HiveMqClient(Login.of(platform, ann, "it"))) {
            plugins.addExample(
                    "webhook-bridge",
                    "url=" + hooks.url() + "\nsecret=" + SECRET + "\nport=" + port + "\nbot=bot-hooks\n");
            awaitReading("webhook-bridge");
            client.subscribe("chat/+/msg");
            client.publish("chat/@bot-hooks/msg", text("first"));
            client.publish("chat/@bot-hooks/msg", text("second"));

            await().atMost(LIMIT).until(() -> hooks.taken().equals(List.of("first", "second")));
            assertThat(hooks.refused()).isEqualTo(2);
            assertThat(plugins.figure("webhook-bridge", "retried")).isEqualTo(2);

            String path = "/conversations/@" + ann + "/messages/in-1";
            assertThat(bringIn(port, path, "forged", signature(path + "\nelse")))
                    .isEqualTo(401);
            assertThat(bringIn(port, path, "from outside", signature(path + "\nfrom outside")))
                    .isEqualTo(204);
            await().atMost(LIMIT).until(() -> texts(client, "bot-hooks").equals(List.of("from outside")));
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static int bringIn(int port, String path, String body, String signature) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("X-Parley-Signature", signature)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String signature(String signed) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(text(SECRET), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(text(signed)));
    }

    /** A service of others, which refuses the first calls about the test's user. */
    private final class Hooks implements AutoCloseable {
        private final HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        private final AtomicInteger refusals = new AtomicInteger();
        private final List<String> taken = new CopyOnWriteArrayList<>();
        private final int refusing;

        Hooks(int refusing) throws IOException {
            this.refusing = refusing;
            server.createContext("/hook", this::take);
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
        }

        List<String> taken() {
            return List.copyOf(taken);
        }

        int refused() {
            return refusals.get();
        }

        private void take(HttpExchange exchange) throws IOException {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(
                        status(body, exchange.getRequestHeaders().getFirst("X-Parley-Signature")), -1);
            }
        }

        private int status(String body, String shown) {
            JsonObject hook = JsonParser.parseString(body).getAsJsonObject();
            JsonObject event = hook.getAsJsonObject("event");
            if (!event.get("from").getAsString().equals(ann.value())) {
                return 204;
            }
            try {
                if (!signature(body).equals(shown)) {
                    return 401;
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            if (refusals.get() < refusing) {
                refusals.incrementAndGet();
                return 500;
            }
            taken.add(event.get("text").getAsString());
            return 204;
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
