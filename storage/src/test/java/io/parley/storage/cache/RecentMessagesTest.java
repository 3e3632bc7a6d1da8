package io.parley.storage.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.protocol.ConversationId;
import io.parley.runtime.HistoryCacheSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Readers and an archiver whose steps are mixed in any order that a seed gives. */
class RecentMessagesTest {
    private static final ConversationId CONVERSATION = ConversationId.parse("ann~ben");
    private static final int STEPS = 20_000;
    private static final int READERS = 4;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ModelStore store = new ModelStore();

    static LongStream seeds() {
        Long given = Long.getLong("seed");
        return given != null ? LongStream.of(given) : LongStream.of(1, 2, 3, System.nanoTime());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_is_found_has_every_change_that_had_been_stored_before_it_was_asked_for(long seed) {
        Random random = new Random(seed);
        RecentMessages recent = RecentMessages.ofReader(
                new HistoryCacheSettings(
                        1 << 20, "", Duration.ofMillis(50), Duration.ofSeconds(1), 30, 1024, Duration.ofHours(1)),
                "store",
                registry);
        List<Reading> readings = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(3) == 0) {
                store.step(random);
                continue;
            }
            if (readings.size() < READERS && store.state().head() > 0) {
                readings.add(new Reading(recent, random));
            }
            if (!readings.isEmpty()) {
                Reading reading = readings.get(random.nextInt(readings.size()));
                if (reading.step()) {
                    readings.remove(reading);
                }
            }
        }
        assertThat(count("hits")).as("hits").isGreaterThan(100);
        assertThat(count("misses")).as("misses").isGreaterThan(100);
        assertThat(count("invalidations")).as("invalidations").isGreaterThan(10);
    }

    private double count(String name) {
        return registry.get("parley.history.cache." + name)
                .tag("cache", "caffeine")
                .counter()
                .count();
    }

    /** One page: the state, what the cache has, and otherwise each row by itself. */
    private final class Reading {
        private final RecentMessages recent;
        private final Wanted wanted;
        private final Map<Integer, Integer> before;
        private final List<CachedRow> rows = new ArrayList<>();
        private boolean asked;

        Reading(RecentMessages recent, Random random) {
            this.recent = recent;
            Wanted.State state = store.state();
            int limit = 1 + random.nextInt(10);
            boolean upwards = random.nextBoolean();
            int first = upwards ? Math.max(1, state.head() - random.nextInt(25)) : 1;
            int last = upwards ? state.head() : Math.max(1, state.head() - random.nextInt(5));
            this.wanted = new Wanted(upwards, first, last, limit, 1 << 20, state);
            this.before = store.versions(1, state.head());
        }

        /** True when it is done. */
        boolean step() {
            if (!asked) {
                asked = true;
                if (!recent.mayHave(wanted)) {
                    return true;
                }
                Optional<List<CachedRow>> found =
                        recent.find(CONVERSATION, wanted).toCompletableFuture().join();
                found.ifPresent(this::check);
                return found.isPresent();
            }
            rows.add(store.row(wanted.low() + rows.size()));
            if (wanted.low() + rows.size() > wanted.high()) {
                recent.keep(CONVERSATION, wanted.state(), rows);
                return true;
            }
            return false;
        }

        private void check(List<CachedRow> found) {
            assertThat(found).isSortedAccordingTo((a, b) -> Integer.compare(a.seq(), b.seq()));
            List<Integer> seqs = found.stream().map(CachedRow::seq).toList();
            int low = wanted.upwards() || found.size() < wanted.limit() ? wanted.first() : seqs.get(0);
            int high = wanted.upwards() && found.size() == wanted.limit() ? seqs.get(seqs.size() - 1) : wanted.last();
            for (int seq = low; seq <= high; seq++) {
                int version = before.getOrDefault(seq, -1);
                if (seqs.contains(seq)) {
                    assertThat(ModelStore.version(found.get(seqs.indexOf(seq))))
                            .as("changes that seq %d has", seq)
                            .isGreaterThanOrEqualTo(version);
                } else {
                    assertThat(store.row(seq).event())
                            .as("seq %d, which is not shown", seq)
                            .isNull();
                }
            }
        }
    }
}
