package io.parley.push.apns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.eatthepath.pushy.apns.server.RejectedNotificationException;
import com.eatthepath.pushy.apns.server.RejectionReason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushProvider;
import io.parley.push.secrets.TestCertificate;
import io.parley.push.sending.Delivery;
import io.parley.push.sending.Lane;
import io.parley.push.sending.LaneMetrics;
import io.parley.push.sending.LogPosition;
import io.parley.push.sending.SendSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lane over HTTP/2 and TLS: what it does when the other side is slow, breaks, or goes away. */
final class ApnsLaneIT {
    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static TestCertificate serverCertificate;

    @SuppressWarnings("NullAway.Init")
    private static Path keyFile;

    private final List<String> ends = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeAll
    static void makeKeys() throws Exception {
        serverCertificate = TestCertificate.make(folder, "server", "CN=localhost");
        keyFile = ApnsSetup.write(folder.resolve("key.p8"), ApnsSetup.newKey());
    }

    @Test
    void a_trouble_of_apples_is_tried_again_until_it_is_over() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (StandInApple apple = StandInApple.start(serverCertificate, request -> {
                    if (attempts.incrementAndGet() <= 3) {
                        throw new RejectedNotificationException(RejectionReason.SERVICE_UNAVAILABLE);
                    }
                });
                PushProvider provider = provider(apple.port())) {
            Lane lane = lane(provider);
            lane.offer(delivery("0a", 1));
            turnUntil(lane, () -> ends.size() == 1);

            assertThat(ends).containsExactly("1 Settled[]");
            assertThat(attempts).hasValue(4);
            assertThat(registry.get("parley.push.retries")
                            .tag("reason", "ServiceUnavailable")
                            .counter()
                            .count())
                    .isEqualTo(3);
        }
    }

    @Test
    void a_slow_answer_is_given_up_and_what_comes_behind_is_not_overtaken_by_what_was() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        try (StandInApple apple = StandInApple.start(serverCertificate, request -> {
                    if (attempts.incrementAndGet() == 1) {
                        waitFor(slow);
                    }
                });
                PushProvider provider = provider(apple.port())) {
            Lane lane = lane(provider);
            lane.offer(delivery("0a", 1));
            turnUntil(lane, () -> !lane.isSending() && attempts.get() == 1);
            lane.offer(delivery("0a", 2));
            slow.countDown();
            turnUntil(lane, () -> ends.size() == 2);

            assertThat(ends).containsExactly("1 Settled[]", "2 Settled[]");
            assertThat(seqs(apple)).containsExactly(1, 2);
            assertThat(count("replaced")).isEqualTo(1);
        }
    }

    @Test
    void of_many_the_order_of_each_token_and_conversation_is_kept() throws Exception {
        Map<String, Integer> last = new HashMap<>();
        Set<Integer> failedOnce = new HashSet<>();
        AtomicInteger disorder = new AtomicInteger();
        try (StandInApple apple = StandInApple.start(serverCertificate, request -> {
                    int seq = seq(request);
                    if (last.merge(request.token(), seq, Math::max) != seq) {
                        disorder.incrementAndGet();
                    }
                    if (seq % 7 == 0 && failedOnce.add(seq)) {
                        throw new RejectedNotificationException(RejectionReason.INTERNAL_SERVER_ERROR);
                    }
                });
                PushProvider provider = provider(apple.port())) {
            Lane lane = lane(provider);
            for (int seq = 1; seq <= 300; seq++) {
                lane.offer(delivery(Integer.toHexString(seq % 10), seq));
                lane.turn();
            }
            turnUntil(lane, () -> ends.size() == 300);

            assertThat(disorder).hasValue(0);
            assertThat(failedOnce).isNotEmpty();
            assertThat(last.values()).allMatch(seq -> seq > 290);
        }
    }

    @Test
    void a_cut_connection_costs_a_repetition() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        try (StandInApple apple = StandInApple.start(serverCertificate, request -> {
                    if (attempts.incrementAndGet() == 1) {
                        waitFor(held);
                    }
                });
                CuttableLine line = new CuttableLine(apple.port());
                PushProvider provider = provider(line.port())) {
            Lane lane = lane(provider);
            lane.offer(delivery("0a", 1));
            turnUntil(lane, () -> attempts.get() == 1);
            line.cut();
            turnUntil(lane, () -> !lane.isSending());
            held.countDown();
            turnUntil(lane, () -> ends.size() == 1);

            assertThat(ends).containsExactly("1 Settled[]");
            assertThat(attempts).hasValue(2);
        }
    }

    @Test
    void after_goaway_another_connection_serves_and_a_server_that_is_away_opens_the_circuit() throws Exception {
        StandInApple first = StandInApple.start(serverCertificate, request -> {});
        try (PushProvider provider = provider(first.port())) {
            Lane lane = lane(provider);
            lane.offer(delivery("0a", 1));
            turnUntil(lane, () -> ends.size() == 1);
            first.close();
            for (int seq = 2; seq <= 12; seq++) {
                lane.offer(delivery(Integer.toHexString(seq), seq));
            }
            turnUntil(lane, () -> circuit() == 2);

            try (StandInApple second = StandInApple.start(serverCertificate, first.port(), request -> {})) {
                turnUntil(lane, () -> ends.size() == 12);

                assertThat(count("accepted")).isEqualTo(12);
                assertThat(second.tokens()).doesNotHaveDuplicates().hasSize(11);
                turnUntil(lane, () -> circuit() != 2);
            }
        }
    }

    @Test
    void what_was_given_up_without_a_connection_is_not_sent_when_there_is_one() throws Exception {
        StandInApple first = StandInApple.start(serverCertificate, request -> {});
        first.close();
        try (PushProvider provider = provider(first.port())) {
            // Pushy tries to connect for each of them in turn.
            List<CompletableFuture<PushOutcome>> outcomes = new ArrayList<>();
            for (int seq = 1; seq <= 4; seq++) {
                outcomes.add(provider.send(ApnsSetup.token("0" + seq), ApnsSetup.alert("ann~ben", seq))
                        .toCompletableFuture());
            }
            await().atMost(20, TimeUnit.SECONDS).until(() -> outcomes.get(0).isDone());
            outcomes.subList(1, 3).forEach(outcome -> outcome.cancel(false));

            try (StandInApple second = StandInApple.start(serverCertificate, first.port(), request -> {})) {
                assertThat(outcomes.get(3).get(20, TimeUnit.SECONDS)).isNotNull();
                assertThat(provider.send(ApnsSetup.token("0f"), ApnsSetup.alert("ann~ben", 9))
                                .toCompletableFuture()
                                .get(20, TimeUnit.SECONDS))
                        .isEqualTo(new PushOutcome.Accepted());

                assertThat(second.tokens()).doesNotContain("02", "03").contains("0f");
            }
        }
    }

    private Lane lane(PushProvider provider) {
        SendSettings settings = new SendSettings(
                1000,
                100,
                Duration.ofMillis(1500),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                Duration.ofMinutes(5),
                new SendSettings.Breaker(20, 60, Duration.ofMillis(50), Duration.ofMillis(500), 3));
        return new Lane(
                provider,
                settings,
                Clock.systemUTC(),
                new SplittableRandom(1),
                new LaneMetrics(registry, PushPlatform.APNS),
                (delivery, ending) -> ends.add(delivery.notification().getSeq() + " " + ending));
    }

    private static PushProvider provider(int port) {
        return ApnsSetup.provider(serverCertificate, port, port, ApnsSetup.keyed(keyFile));
    }

    private static Delivery delivery(String token, int seq) {
        PushToken to = ApnsSetup.token(token);
        Notification notification = ApnsSetup.alert("ann~ben", seq);
        return new Delivery(to, notification, new LogPosition(0, seq, 0));
    }

    private static void turnUntil(Lane lane, BooleanSupplier reached) {
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> {
                    lane.turn();
                    return reached.getAsBoolean();
                });
    }

    private static List<Integer> seqs(StandInApple apple) {
        return apple.received().stream().map(ApnsLaneIT::seq).toList();
    }

    private static int seq(StandInApple.Received request) {
        return Integer.parseInt(request.payload().replaceAll(".*\"seq\":([0-9]+).*", "$1"));
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int circuit() {
        return (int) registry.get("parley.push.circuit").gauge().value();
    }

    private double count(String outcome) {
        return registry.get("parley.push.deliveries")
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
