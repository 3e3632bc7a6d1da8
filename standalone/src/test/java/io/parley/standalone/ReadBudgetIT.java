package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.standalone.SessionClient.Opening;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One user asks for 30 pages of 200 large messages at once, again and again. Others read and chat as before, and no process grows by it. */
@WithPlatform
@Tag("quiet")
class ReadBudgetIT extends SessionChecks {
    private static final int LARGE_BYTES = 100 * 1024;
    private static final int LARGE = 200;
    private static final int AT_ONCE = 30;
    /** Pages from which on it is taken to have begun. */
    private static final int UNDER_WAY = 10;

    private static final int CONNECTIONS = 3;
    private static final int SMALL = 20;
    private static final int ROUNDS = 100;
    /** All processes and the clients share a small machine: so long may an answer take, whoever asks. Without a budget, reads time out after 5 s. */
    private static final Duration NOISE = Duration.ofMillis(1500);

    private static final Map<RoleName, Long> GROWTH_MIB =
            Map.of(RoleName.BROKER, 200L, RoleName.HISTORY, 150L, RoleName.CASSANDRA, 400L);

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger pages = new AtomicInteger();
    private final AtomicInteger limited = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> others = new ConcurrentLinkedQueue<>();

    ReadBudgetIT(Platform platform) {
        super(platform);
    }

    @Test
    void parallel_pages_of_one_user_over_mqtt_and_http_are_felt_by_nobody_else() throws Exception {
        UserId greedy = newUser("greedy");
        UserId other = newUser("other");
        UserId alice = newUser("alice");
        UserId bob = newUser("bob");
        String large = "x".repeat(LARGE_BYTES);
        try (SessionClient writer = connect(greedy, Opening.v5(true, 0))) {
            for (int i = 0; i < LARGE; i++) {
                String payload = "{\"id\":\"m%d\",\"text\":\"%s\"}".formatted(i, large);
                assertThat(writer.publishAndWait(topic(greedy, other), payload)).isZero();
            }
        }
        say(
                alice,
                topic(alice, bob),
                IntStream.rangeClosed(1, SMALL).mapToObj(n -> "text " + n).toList());
        awaitHead(greedy, ConversationId.direct(greedy, other), LARGE);
        awaitHead(alice, ConversationId.direct(alice, bob), SMALL);

        ExecutorService threads = Executors.newCachedThreadPool();
        try (SessionClient reader = connect(alice, Opening.v5(true, 0));
                SessionClient listener = connect(bob, Opening.v5(true, 0))) {
            reader.subscribe("user/" + alice + "/reply");
            listener.subscribe("chat/+/msg");
            Rounds rounds = new Rounds(reader, listener, alice, bob);
            rounds.play("warm", ROUNDS);
            List<Duration> normal = rounds.play("normal", ROUNDS);
            Map<RoleName, Long> memory = memory();
            Map<RoleName, Long> pids = pids();

            List<Future<?>> asking = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                String device = "device" + i;
                asking.add(threads.submit(untilOver(() -> askOverMqtt(greedy, other, device))));
            }
            asking.add(threads.submit(untilOver(() -> askOverHttp(greedy, other))));
            await().atMost(LIMIT).until(() -> pages.get() >= UNDER_WAY);
            List<Duration> busy = rounds.play("busy", ROUNDS);
            over.set(true);
            for (Future<?> one : asking) {
                one.get(LIMIT.toSeconds() * 2, TimeUnit.SECONDS);
            }

            Map<RoleName, Long> after = memory();
            System.out.printf(
                    "normal p99 %s, busy p99 %s, %d pages, %d refused, MiB before %s after %s%n",
                    p99(normal), p99(busy), pages.get(), limited.get(), memory, after);
            assertThat(others)
                    .as("answers that are neither a page nor RATE_LIMITED")
                    .isEmpty();
            assertThat(p99(busy)).isLessThanOrEqualTo(max(p99(normal).multipliedBy(2), NOISE));
            assertThat(pids()).as("no process has ended").isEqualTo(pids);
            GROWTH_MIB.forEach((role, most) -> assertThat(after.getOrDefault(role, 0L) - memory.getOrDefault(role, 0L))
                    .as("MiB that %s grew by", role)
                    .isLessThan(most));
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private Callable<Void> untilOver(Attempt attempt) {
        return () -> {
            while (!over.get()) {
                attempt.run();
            }
            return null;
        };
    }

    /** As many pages at once as a connection is read, none of them acknowledged; then the device comes again. */
    private void askOverMqtt(UserId user, UserId other, String device) throws Exception {
        int requests = AT_ONCE / CONNECTIONS;
        try (SessionClient client = SessionClient.connect(Login.of(platform(), user, device), Opening.v5(true, 0))) {
            client.subscribe("user/" + user + "/reply");
            for (int i = 0; i < requests; i++) {
                client.publish(
                        "user/" + user + "/request",
                        "{\"requestId\":\"r%d\",\"history\":{\"conversation\":\"%s\",\"limit\":%d}}"
                                .formatted(i, ConversationId.direct(user, other), LARGE));
            }
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> over.get() || client.all(Packet.PUBLISH).size() >= requests / 2);
            for (Publish answer : client.messages()) {
                String payload = answer.payload();
                count(payload.contains("\"messages\":[{\"seq\""), payload.contains("RATE_LIMITED"), payload);
            }
        }
    }

    private void askOverHttp(UserId user, UserId other) {
        URI page = URI.create(
                "http://" + Addresses.HOST + ":" + platform().addresses().http() + "/v1/conversations/"
                        + ConversationId.direct(user, other) + "/messages?limit=" + LARGE);
        HttpRequest request = HttpRequest.newBuilder(page)
                .header("Authorization", "Bearer " + platform().token(user, Duration.ofMinutes(10)))
                .build();
        Stream.generate(() -> http.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
                .limit(AT_ONCE)
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .forEach(answer ->
                        count(answer.statusCode() == 200, answer.statusCode() == 429, "HTTP " + answer.statusCode()));
    }

    private void count(boolean page, boolean refused, String answer) {
        if (page) {
            pages.incrementAndGet();
        } else if (refused) {
            limited.incrementAndGet();
        } else {
            others.add(answer.substring(0, Math.min(200, answer.length())));
        }
    }

    /** What alice does: she reads a page on each way, and writes to bob. */
    private final class Rounds {
        private final SessionClient reader;
        private final SessionClient listener;
        private final UserId alice;
        private final UserId bob;

        Rounds(SessionClient reader, SessionClient listener, UserId alice, UserId bob) {
            this.reader = reader;
            this.listener = listener;
            this.alice = alice;
            this.bob = bob;
        }

        /** How long each step took. */
        List<Duration> play(String name, int rounds) throws Exception {
            ConversationId conversation = ConversationId.direct(alice, bob);
            List<Duration> took = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                String id = name + i;
                took.add(time(() -> {
                    reader.publish(
                            "user/" + alice + "/request",
                            "{\"requestId\":\"%s\",\"history\":{\"conversation\":\"%s\",\"limit\":10,\"before\":%d}}"
                                    .formatted(id, conversation, SMALL));
                    Publish answer = arrival(reader, "\"" + id + "\"");
                    assertThat(answer.payload()).contains("\"seq\":" + (SMALL - 1));
                    reader.acknowledge(answer);
                }));
                took.add(time(() -> {
                    reader.publish(topic(alice, bob), message(id));
                    listener.acknowledge(arrival(listener, "\"" + id + "\""));
                }));
                took.add(time(
                        () -> assertThat(history(alice).after(conversation, 0).getMessagesCount())
                                .isGreaterThanOrEqualTo(SMALL)));
            }
            return took;
        }

        private Publish arrival(SessionClient client, String text) {
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> client.messages().stream()
                            .anyMatch(it -> it.payload().contains(text)));
            return client.messages().stream()
                    .filter(it -> it.payload().contains(text))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Duration time(Attempt step) throws Exception {
        long startNanos = System.nanoTime();
        step.run();
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private static Duration p99(List<Duration> all) {
        List<Duration> sorted = all.stream().sorted().toList();
        return sorted.get(sorted.size() * 99 / 100);
    }

    private static Duration max(Duration one, Duration another) {
        return one.compareTo(another) > 0 ? one : another;
    }

    private Map<RoleName, Long> memory() throws IOException {
        Map<RoleName, Long> mib = new EnumMap<>(RoleName.class);
        for (RoleName role : GROWTH_MIB.keySet()) {
            mib.put(role, ResidentMemory.mib(platform().pid(role)));
        }
        return mib;
    }

    private Map<RoleName, Long> pids() {
        Map<RoleName, Long> pids = new EnumMap<>(RoleName.class);
        GROWTH_MIB.keySet().forEach(role -> pids.put(role, platform().pid(role)));
        return pids;
    }
}
