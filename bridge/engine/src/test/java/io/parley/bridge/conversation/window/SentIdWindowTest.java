package io.parley.bridge.conversation.window;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import io.parley.audit.Seeds;
import io.parley.bridge.MapRows;
import io.parley.bridge.state.SentIdBucket;
import io.parley.bridge.state.SentIds;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SentIdWindowTest {
    private static final ConversationId CHAT = ConversationId.parse("ann~ben");
    private static final UserId ANN = UserId.parse("ann");
    private static final UserId BEN = UserId.parse("ben");
    private static final long NOW = 1_700_000_000L;
    private static final long WEEK = Duration.ofDays(7).toSeconds();

    private final MapRows rows = new MapRows();
    private final SentIdWindow window = new SentIdWindow(CHAT, rows);

    @Test
    void an_id_is_known_whatever_the_other_devices_send_meanwhile() {
        window.add(ANN, "phone", "x", NOW);
        send("laptop", 1_000);

        assertThat(window.contains(ANN, "x", NOW + 7_200)).isTrue();
        assertThat(window.contains(BEN, "x", NOW)).isFalse();
    }

    @Test
    void of_each_device_the_last_256_are_known() {
        window.add(ANN, "phone", "x", NOW);
        send("phone", SentIdWindow.IDS - 1);
        assertThat(window.contains(ANN, "x", NOW)).isTrue();

        window.add(ANN, "phone", "y", NOW);
        assertThat(window.contains(ANN, "x", NOW)).isFalse();
        assertThat(window.contains(ANN, "y", NOW)).isTrue();
    }

    @Test
    void an_id_is_known_for_a_week() {
        window.add(ANN, "phone", "m".repeat(36), NOW);

        assertThat(window.contains(ANN, "m".repeat(36), NOW + WEEK)).isTrue();
        assertThat(window.contains(ANN, "m".repeat(36), NOW + WEEK + 1)).isFalse();
    }

    @Test
    void after_2038_too() {
        long late = 1L << 31;
        window.add(ANN, "phone", "x", late);

        assertThat(window.contains(ANN, "x", late + WEEK)).isTrue();
        assertThat(window.contains(ANN, "x", late + WEEK + 1)).isFalse();
    }

    @Test
    void the_21st_device_takes_the_place_of_the_one_that_sent_longest_ago() {
        for (int device = 0; device < SentIdWindow.DEVICES; device++) {
            window.add(ANN, "d" + device, "x" + device, NOW + device);
        }
        window.add(ANN, "d0", "again", NOW + 100);
        window.add(ANN, "new", "y", NOW + 101);

        assertThat(window.contains(ANN, "x0", NOW + 101)).isTrue();
        assertThat(window.contains(ANN, "x1", NOW + 101)).isFalse();
        assertThat(window.contains(ANN, "x2", NOW + 101)).isTrue();
        assertThat(window.contains(ANN, "y", NOW + 101)).isTrue();
    }

    @Test
    void what_is_kept_is_bounded() throws Exception {
        for (int i = 0; i < 30_000; i++) {
            window.add(ANN, "d" + i % 30, "m" + i, NOW + i);
        }

        assertThat(rows.keys("")).hasSizeLessThanOrEqualTo(SentIdWindow.BUCKETS + 1);
        int ids = 0;
        for (String key : rows.keys("d|ann~ben|ann|b")) {
            byte[] row = rows.get(key);
            ids += row == null ? 0 : SentIdBucket.parseFrom(row).getHashesCount();
        }
        assertThat(ids).isLessThanOrEqualTo(2 * SentIdWindow.DEVICES * SentIdWindow.IDS);
    }

    @Test
    void the_ids_of_an_older_version_are_known_before_and_after_the_next_message() {
        for (int chunk = 0; chunk < 9; chunk++) {
            // The ring was full once: the first row holds the newest ids.
            int turn = chunk == 0 ? 9 : chunk;
            SentIds.Builder ids = SentIds.newBuilder().setTurn(turn);
            for (int i = 0; i < 32; i++) {
                ids.addHashes(Hashing.sipHash24()
                                .hashString("old" + (turn * 32 + i), StandardCharsets.UTF_8)
                                .asLong())
                        .addSeqs(turn * 32 + i)
                        .addAtSeconds((int) NOW);
            }
            rows.put("d|ann~ben|ann|" + chunk, ids.build().toByteArray());
        }

        for (String next : List.of("new1", "new2")) {
            for (int i = 9 * 32 + 31; i > 9 * 32 + 31 - SentIdWindow.IDS; i--) {
                assertThat(window.contains(ANN, "old" + i, NOW + WEEK))
                        .as("old" + i)
                        .isTrue();
            }
            assertThat(window.contains(ANN, next, NOW)).isFalse();
            window.add(ANN, "phone", next, NOW);
            assertThat(window.contains(ANN, next, NOW)).isTrue();
        }
        assertThat(rows.keys("d|ann~ben|ann|")).allMatch(key -> key.matches(".*\\|(n|b[0-9]+)"));
    }

    @Test
    void nothing_is_left_of_who_is_forgotten() {
        send("phone", 100);
        window.add(BEN, "phone", "x", NOW);
        window.forget(ANN);

        assertThat(rows.keys("d|ann~ben|ann|")).isEmpty();
        assertThat(window.contains(ANN, "phone0", NOW)).isFalse();
        assertThat(window.contains(BEN, "x", NOW)).isTrue();
    }

    @Test
    void any_devices_find_what_any_of_them_sent() {
        Seeds.play(20, seed -> new Run(new Random(seed)).play());
    }

    private void send(String device, int count) {
        for (int i = 0; i < count; i++) {
            window.add(ANN, device, device + i, NOW + i);
        }
    }

    /** A user's devices, some of which send much more than others, over weeks and restarts. */
    private static final class Run {
        private record Id(String id, long atSeconds) {}

        private final Random random;
        private final MapRows rows = new MapRows();
        private final Map<String, List<Id>> sent = new LinkedHashMap<>();
        private final Set<String> all = new HashSet<>();
        private SentIdWindow window = new SentIdWindow(CHAT, rows);
        private long now = NOW;

        Run(Random random) {
            this.random = random;
        }

        void play() {
            int devices = 1 + random.nextInt(SentIdWindow.DEVICES);
            for (int i = 0; i < 2_000; i++) {
                now += random.nextInt(3);
                if (random.nextInt(400) == 0) {
                    now += Duration.ofDays(random.nextInt(9)).toSeconds();
                }
                if (random.nextInt(10) == 0) {
                    window = new SentIdWindow(CHAT, rows);
                }
                String device = "d" + Math.min(random.nextInt(devices), random.nextInt(devices));
                String id = "m" + i;
                assertThat(window.contains(ANN, id, now)).as("never sent").isFalse();
                window.add(ANN, device, id, now);
                all.add(id);
                sent.computeIfAbsent(device, name -> new ArrayList<>()).add(new Id(id, now));
                if (i % 200 == 0) {
                    matches();
                }
            }
            matches();
        }

        private void matches() {
            Map<String, Boolean> known = new HashMap<>();
            sent.values().forEach(ids -> {
                int first = Math.max(0, ids.size() - SentIdWindow.IDS);
                for (Id id : ids.subList(first, ids.size())) {
                    known.put(id.id(), now - id.atSeconds() <= WEEK);
                }
            });
            for (String id : all) {
                assertThat(window.contains(ANN, id, now)).as(id).isEqualTo(known.getOrDefault(id, false));
            }
        }
    }
}
