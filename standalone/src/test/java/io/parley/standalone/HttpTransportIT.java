package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.audit.Auditor;
import io.parley.audit.Fingerprint;
import io.parley.audit.Membership;
import io.parley.audit.Recorder;
import io.parley.audit.Report;
import io.parley.audit.Watch;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.standalone.HttpCaller.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The HTTP transport beside MQTT: calls, polls and streams of the same users and devices. */
@WithPlatform
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class HttpTransportIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Platform platform;

    HttpTransportIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void messages_and_requests_are_taken_and_refused_as_on_mqtt() throws Exception {
        HttpCaller ann = new HttpCaller(platform, "http-ann");
        try (HiveDevice bob = HiveDevice.connect(platform, "http-bob/phone")) {
            await().atMost(LIMIT).until(() -> ann.ask("{\"listDevices\":{}}").status() == 200);
            bob.subscribeToAll();

            Answer sent = ann.send("@http-bob", "{\"id\":\"one\",\"text\":\"hi\"}");
            assertThat(sent.status()).isEqualTo(201);
            assertThat(sent.body().get("id").getAsString()).isEqualTo("one");
            assertThat(sent.body().get("conversation").getAsString()).isEqualTo("http-ann~http-bob");
            assertThat(ann.send("@http-bob", "{\"id\":\"one\",\"text\":\"hi\"}").status())
                    .isEqualTo(200);
            Answer named = ann.send("http-ann~http-bob", "plain text");
            assertThat(named.status()).isEqualTo(201);
            assertThat(named.body().get("id").getAsString()).hasSize(26);
            await().atMost(LIMIT).until(() -> bob.count() == 2);
            assertThat(bob.events()).extracting(event -> event.getText()).containsExactly("hi", "plain text");

            assertRefused(ann.send("g0123456789ab", "hello"), 403, "NOT_A_MEMBER");
            assertRefused(ann.send("@http-bob", "{\"id\":\"two\"}"), 400, "BAD_REQUEST");
            assertRefused(ann.send("@http-bob", "{\"id\":\"three\",\"text\":\"?\",\"replyTo\":99}"), 404, "NOT_FOUND");
            assertThat(ann.send("No%20Conversation", "hello").status()).isEqualTo(404);

            Answer group =
                    ann.ask("{\"requestId\":\"r\",\"createGroup\":{\"name\":\"team\",\"members\":[\"http-bob\"]}}");
            assertThat(group.status()).isEqualTo(200);
            assertThat(group.body().get("requestId").getAsString()).isEqualTo("r");
            String id = group.body().get("conversation").getAsString();
            assertThat(ann.ask("{\"requestId\":\"r\",\"createGroup\":{\"name\":\"team\",\"members\":[\"http-bob\"]}}")
                            .body()
                            .get("conversation")
                            .getAsString())
                    .as("the same request")
                    .isEqualTo(id);
            assertRefused(ann.ask("{\"nothing\":{}}"), 400, "BAD_REQUEST");
            assertRefused(ann.ask("no request"), 400, "BAD_REQUEST");

            Answer list = ann.get("/v1/conversations?limit=1");
            assertThat(list.body().getAsJsonArray("conversations")).hasSize(1);
            String next = list.body().get("next").getAsString();
            Answer rest = ann.get("/v1/conversations?limit=1&after=" + next);
            assertThat(rest.body().getAsJsonArray("conversations")).hasSize(1);
            assertThat(new HttpCaller(platform, "http-bob")
                            .get("/v1/conversations?limit=1")
                            .body()
                            .get("unreadTotal")
                            .getAsInt())
                    .as("over all pages")
                    .isEqualTo(2);
            assertThat(ann.ask("{\"listDevices\":{}}").body().has("devices"))
                    .as("who only calls is no device")
                    .isFalse();
        }
    }

    @Test
    void what_was_read_and_who_types_is_told_over_http() throws Exception {
        HttpCaller ann = new HttpCaller(platform, "signal-ann");
        HttpCaller bob = new HttpCaller(platform, "signal-bob");
        await().atMost(LIMIT).until(() -> ann.ask("{\"listDevices\":{}}").status() == 200);
        bob.get("/v1/poll?device=web&wait=0");
        assertThat(ann.send("@signal-bob", "{\"id\":\"one\",\"text\":\"hi\"}").status())
                .isEqualTo(201);
        String chat = "/v1/conversations/signal-ann~signal-bob";
        Deque<Answer> told = new ArrayDeque<>();

        assertThat(bob.post(chat + "/receipt?device=web", "{\"read\":1}").status())
                .isEqualTo(204);
        assertThat(bob.post("/v1/conversations/@signal-ann/typing?device=web", "{\"typing\":true}")
                        .status())
                .isEqualTo(204);
        pollUntilTold(ann, told, "\"user\":\"signal-bob\",\"delivered\":1,\"read\":1", () -> {});
        // It is kept nowhere, so it is said until it is heard.
        pollUntilTold(
                ann,
                told,
                "\"user\":\"signal-bob\",\"typing\":true",
                () -> bob.post(chat + "/typing?device=web", "{\"typing\":true}"));
        bob.post(chat + "/typing?device=web", "{\"typing\":false}");
        pollUntilTold(ann, told, "\"user\":\"signal-bob\",\"typing\":false", () -> {});

        assertRefused(bob.post(chat + "/receipt", "{\"read\":0}"), 400, "BAD_REQUEST");
        assertRefused(ann.post("/v1/conversations/g0123456789ab/receipt", "{\"read\":1}"), 403, "NOT_A_MEMBER");
        assertThat(ann.post("/v1/conversations/No%20Conversation/typing", "{}").status())
                .isEqualTo(404);
    }

    private interface Prompt {
        void say() throws Exception;
    }

    /** Each poll acknowledges the one before, so that it waits for what comes. */
    private static void pollUntilTold(HttpCaller who, Deque<Answer> told, String wanted, Prompt prompt) {
        await().atMost(LIMIT).until(() -> {
            prompt.say();
            String cursor = told.stream()
                    .filter(answer -> answer.status() == 200)
                    .findFirst()
                    .map(answer -> "&cursor=" + answer.body().get("cursor").getAsString())
                    .orElse("");
            told.push(who.get("/v1/poll?device=web&wait=1" + cursor));
            return told.stream().anyMatch(answer -> answer.body().toString().contains(wanted));
        });
    }

    @Test
    void a_device_that_polls_misses_nothing_when_the_service_and_the_broker_die() throws Exception {
        ConversationId chat = ConversationId.direct(UserId.parse("poll-ann"), UserId.parse("poll-bob"));
        Recorder recorder = recorder(chat, "poll-ann", "poll-bob", "web");
        PollingDevice web = new PollingDevice(platform, "poll-bob", "web", chat, recorder);
        try (HiveDevice ann = HiveDevice.connect(platform, "poll-ann/phone")) {
            await().atMost(LIMIT).until(() -> web.poll(0) == 204);
            say(ann, chat, recorder, 1, 20);
            pollUntil(web, 10);

            platform.kill(RoleName.HISTORY);
            web.cut();
            say(ann, chat, recorder, 21, 40);
            platform.awaitReady(RoleName.HISTORY, LIMIT);
            pollUntil(web, 40);
        }

        platform.kill(RoleName.BROKER);
        HttpCaller ann = new HttpCaller(platform, "poll-ann");
        for (int i = 41; i <= 45; i++) {
            recorder.sending("m" + i, "poll-ann", Fingerprint.of("text " + i));
            assertThat(ann.send(chat.value(), "{\"id\":\"m" + i + "\",\"text\":\"text " + i + "\"}")
                            .status())
                    .isEqualTo(201);
            recorder.acknowledged("m" + i);
        }
        pollUntil(web, 45);
        platform.awaitReady(RoleName.BROKER, LIMIT);
        assertThat(web.repeated()).as("acknowledged, and come again").isEmpty();
        HttpCaller bob = new HttpCaller(platform, "poll-bob");
        String page = "/v1/conversations/" + chat + "/messages?after=0&limit=200";
        await().atMost(LIMIT)
                .until(() -> bob.get(page).body().getAsJsonArray("messages").size() == 45);
        Report report = Auditor.audit(recorder.finish(bob.get(page).body().getAsJsonArray("messages").asList().stream()
                .map(message -> PollingDevice.entry(message.getAsJsonObject()))
                .toList()));
        assertThat(report.isClean()).as(report.toString()).isTrue();
    }

    @Test
    void a_device_changes_between_mqtt_polling_and_streams() throws Exception {
        ConversationId chat = ConversationId.direct(UserId.parse("alt-ann"), UserId.parse("alt-bob"));
        Recorder recorder = recorder(chat, "alt-ann", "alt-bob", "web");
        PollingDevice web = new PollingDevice(platform, "alt-bob", "web", chat, recorder);
        try (HiveDevice ann = HiveDevice.connect(platform, "alt-ann/phone")) {
            await().atMost(LIMIT).until(() -> web.poll(0) == 204);
            say(ann, chat, recorder, 1, 5);
            pollUntil(web, 5);

            CompletableFuture<Answer> waiting =
                    new HttpCaller(platform, "alt-bob").getLater("/v1/poll?device=web&wait=60&cursor=" + web.cursor());
            await().atMost(LIMIT).until(() -> isOnline("alt-bob"));
            try (HiveDevice phone = HiveDevice.connect(platform, "alt-bob/web")) {
                assertThat(waiting.get(LIMIT.toSeconds(), TimeUnit.SECONDS).status())
                        .isEqualTo(409);
                say(ann, chat, recorder, 6, 10);
                await().atMost(LIMIT).until(() -> messages(phone).size() >= 5);
                assertThat(messages(phone)).containsExactly(6, 7, 8, 9, 10);
            }

            say(ann, chat, recorder, 11, 12);
            List<Integer> seqs = new ArrayList<>();
            String last = "";
            try (Stream<String> lines = new HttpCaller(platform, "alt-bob").lines("/v1/events?device=web", "")) {
                for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
                    String line = each.next();
                    if (line.startsWith("id: ")) {
                        last = line.substring(4);
                    } else if (line.startsWith("data: ") && line.contains("/msg\"")) {
                        seqs.add(Integer.parseInt(line.replaceAll(".*\"seq\":(\\d+).*", "$1")));
                    }
                }
            }
            assertThat(seqs).as("what MQTT acknowledged does not come again").containsExactly(11, 12);
            say(ann, chat, recorder, 13, 13);
            web.goOn(last);
            pollUntil(web, 6);
            assertThat(web.seqs()).as("the stream's last id acknowledged 12").containsExactly(1, 2, 3, 4, 5, 13);
        }
    }

    @Test
    void the_description_of_the_api_is_true() throws Exception {
        HttpCaller ann = new HttpCaller(platform, "api-ann");
        await().atMost(LIMIT).until(() -> ann.ask("{\"listDevices\":{}}").status() == 200);
        ApiDescription api = new ApiDescription(ann.get("/openapi.json").body());
        List<String> faults = new ArrayList<>();
        BiConsumer<String, Answer> compare =
                (operation, answer) -> faults.addAll(api.faults(operation, answer.status(), answer.body()));

        compare.accept("GET /v1/poll", ann.get("/v1/poll?device=web&wait=0"));
        String messages = "/v1/conversations/{conversation}/messages";
        compare.accept("POST " + messages, ann.send("@api-bob", "{\"id\":\"a\",\"text\":\"hi\"}"));
        compare.accept("POST " + messages, ann.send("@api-bob", "{\"id\":\"a\",\"text\":\"hi\"}"));
        compare.accept("POST " + messages, ann.send("@api-bob", "{\"id\":\"b\"}"));
        compare.accept("POST " + messages, ann.send("g0123456789ab", "hi"));
        Answer[] polled = new Answer[1];
        await().atMost(LIMIT).until(() -> {
            polled[0] = ann.get("/v1/poll?device=web&wait=1");
            return polled[0].status() == 200;
        });
        compare.accept("GET /v1/poll", polled[0]);
        compare.accept("GET /v1/poll", ann.get("/v1/poll?device=web&cursor=none"));
        for (String signal : List.of("receipt", "typing")) {
            String path = "/v1/conversations/%s/" + signal;
            String described = "POST " + path.formatted("{conversation}");
            compare.accept(described, ann.post(path.formatted("@api-bob"), "{\"read\":1,\"typing\":true}"));
            compare.accept(described, ann.post(path.formatted("@api-bob"), "[]"));
            compare.accept(described, ann.post(path.formatted("g0123456789ab"), "{\"read\":1}"));
        }
        for (String request : List.of(
                "{\"requestId\":\"r\",\"createGroup\":{\"name\":\"team\"}}",
                "{\"listDevices\":{}}",
                "{\"pinMessage\":{\"conversation\":\"api-ann~api-bob\",\"seq\":1}}",
                "{\"listConversations\":{}}",
                "{\"unpinMessage\":{\"conversation\":\"api-ann~api-bob\",\"seq\":1}}",
                "{\"pinMessage\":{\"conversation\":\"api-ann~api-bob\",\"seq\":9}}",
                "{\"getPushSettings\":{}}",
                "{\"listInvitations\":{}}",
                "{\"block\":{\"user\":\"api-cid\"}}",
                "{\"history\":{\"conversation\":\"api-ann~api-bob\"}}",
                "{\"removeDevice\":{\"device\":\"nothing\"}}",
                "{}")) {
            compare.accept("POST /v1/requests", ann.ask(request));
        }
        compare.accept("GET /v1/conversations", ann.get("/v1/conversations?limit=1"));
        compare.accept("GET /v1/conversations", ann.get("/v1/conversations?limit=0"));
        await().atMost(LIMIT)
                .until(() ->
                        ann.get("/v1/conversations/api-ann~api-bob/messages").status() == 200);
        compare.accept("GET " + messages, ann.get("/v1/conversations/api-ann~api-bob/messages"));
        compare.accept("GET " + messages, ann.get("/v1/conversations/api-bob~api-cid/messages"));
        for (String health : List.of("/healthz", "/readyz", "/livez")) {
            compare.accept("GET " + health, ann.get(health));
        }
        compare.accept("GET /v1/events", ann.get("/v1/events?device=web&cursor=none"));
        compare.accept("DELETE /v1/operator/users/{user}/tokens", ann.delete("/v1/operator/users/api-cid/tokens"));
        faults.addAll(new MediaOperations(ann, api).play());

        assertThat(faults).isEmpty();
        assertThat(api.operations()).containsAll(api.played());
        assertThat(api.played())
                .as("metrics are plain text")
                .containsAll(api.operations().stream()
                        .filter(operation -> !operation.equals("GET /metrics"))
                        .toList());
    }

    private boolean isOnline(String user) throws Exception {
        return new HttpCaller(platform, user)
                .ask("{\"listDevices\":{}}")
                .body()
                .toString()
                .contains("\"online\":true");
    }

    /** Without receipts and presence, which the session's filter brings, too. */
    private static List<Integer> messages(HiveDevice device) {
        return device.events().stream()
                .map(event -> event.getSeq())
                .filter(seq -> seq > 0)
                .toList();
    }

    private static Recorder recorder(ConversationId chat, String from, String to, String device) {
        Recorder recorder = new Recorder(chat.value());
        recorder.member(new Membership(from, 1, Integer.MAX_VALUE));
        recorder.member(new Membership(to, 1, Integer.MAX_VALUE));
        recorder.watch(new Watch(to + "/" + device, to, 0));
        return recorder;
    }

    private static void say(HiveDevice from, ConversationId chat, Recorder recorder, int first, int last)
            throws Exception {
        for (int i = first; i <= last; i++) {
            recorder.sending("m" + i, chat.value().split("~", 2)[0], Fingerprint.of("text " + i));
            from.send(chat, "m" + i, "text " + i);
            recorder.acknowledged("m" + i);
        }
    }

    /** Until so many are acknowledged; the service may be away meanwhile. */
    private static void pollUntil(PollingDevice web, int count) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(50)).until(() -> {
            try {
                web.poll(1);
            } catch (IOException away) {
                return false;
            }
            return web.count() >= count;
        });
    }

    private static void assertRefused(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
    }
}
