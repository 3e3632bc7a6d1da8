package io.parley.push.sending;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.protocol.push.PushPlatform;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushOutcome.Trouble;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** A lane with a provider that answers as it likes, or not at all: each delivery ends once, and nothing is overtaken. {@code -Dseed=N} repeats one. */
final class LaneRandomTest {
    private static final int DELIVERIES = 3000;

    @Test
    void each_delivery_ends_once_and_none_overtakes_another() {
        long seed = Long.getLong("seed", ThreadLocalRandom.current().nextLong());
        System.out.println("seed " + seed);
        new Run(seed).play();
    }

    private static final class Run {
        private final Random random;
        private final PlayedClock clock = new PlayedClock();
        private final PlayedProvider provider = new PlayedProvider();
        private final Set<Integer> ended = new HashSet<>();
        private final Map<String, Integer> lastSent = new HashMap<>();
        private final Lane lane;
        private int seen;

        Run(long seed) {
            random = new Random(seed);
            SendSettings settings = new SendSettings(
                    200,
                    20,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(10),
                    new SendSettings.Breaker(20, 50, Duration.ofSeconds(1), Duration.ofSeconds(20), 3));
            lane = new Lane(
                    provider,
                    settings,
                    clock,
                    random,
                    new LaneMetrics(new SimpleMeterRegistry(), PushPlatform.APNS),
                    (delivery, ending) -> assertThat(
                                    ended.add(delivery.notification().getSeq()))
                            .as("%s ends once", delivery.notification().getSeq())
                            .isTrue());
        }

        void play() {
            for (int seq = 1; seq <= DELIVERIES; seq++) {
                lane.offer(TestDeliveries.until(
                        (random.nextInt(3) == 0 ? "other/" : "") + random.nextInt(8),
                        "c" + random.nextInt(4),
                        seq,
                        random.nextInt(5) == 0 ? clock.millis() + random.nextInt(60_000) : 0));
                if (random.nextInt(3) == 0) {
                    step(random.nextInt(4) == 0);
                }
            }
            while (!lane.isIdle()) {
                step(false);
            }
            assertThat(ended).hasSize(DELIVERIES);
        }

        private void step(boolean bad) {
            clock.set(clock.millis() + random.nextInt(2000));
            for (PlayedProvider.Sent open : provider.open()) {
                if (random.nextInt(3) > 0) {
                    open.answer().complete(outcome(bad));
                }
            }
            lane.turn();
            check();
        }

        private PushOutcome outcome(boolean bad) {
            return switch (random.nextInt(bad ? 10 : 40)) {
                case 0 -> new PushOutcome.TokenGone(0, "Gone");
                case 1 -> new PushOutcome.Refused("No");
                case 2, 3 -> new PushOutcome.Later(Duration.ofSeconds(random.nextInt(60)), "Busy", Trouble.TOKEN);
                case 4, 5, 6 -> new PushOutcome.Later(Duration.ZERO, "Down", Trouble.PROVIDER);
                default -> new PushOutcome.Accepted();
            };
        }

        private void check() {
            List<PlayedProvider.Sent> open = provider.open();
            assertThat(open).hasSizeLessThanOrEqualTo(20);
            Set<String> keys = new HashSet<>();
            open.forEach(sent -> assertThat(keys.add(key(sent))).isTrue());
            List<PlayedProvider.Sent> all = provider.attempts();
            for (PlayedProvider.Sent sent : all.subList(seen, all.size())) {
                assertThat(sent.seq()).isGreaterThanOrEqualTo(lastSent.getOrDefault(key(sent), 0));
                lastSent.put(key(sent), sent.seq());
            }
            seen = all.size();
        }

        private static String key(PlayedProvider.Sent sent) {
            return sent.token().getToken() + " " + sent.notification().getConversation();
        }
    }
}
