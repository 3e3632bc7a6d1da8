package io.parley.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.google.protobuf.util.Timestamps;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.log.PointersMoved;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Deleted;
import io.parley.protocol.wire.Edited;
import io.parley.protocol.wire.Reacted;
import io.parley.protocol.wire.UserErased;
import io.parley.runtime.HistoryCacheSettings;
import io.parley.storage.cache.RecentMessages;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pages with a cache are the pages without one, against a real Cassandra and a real Redis. Each test has a conversation of its own. */
@ExtendWith(CassandraExtension.class)
class RecentMessagesIT {
    private static final UserId ANN = UserId.parse("ann");
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Keeping FOREVER = Keeping.getDefaultInstance();
    private static final int RACERS = 6;

    private final CqlSession session;
    private final String identity;
    private final HistoryReader uncached;
    private final CassandraEventStore uncachedStore;
    private final List<RecentMessages> opened = new ArrayList<>();
    private TestRedis redis;
    private HistoryTables archiver;

    /** A process that reads. */
    private record Reader(
            String cache,
            RecentMessages recent,
            SimpleMeterRegistry registry,
            HistoryReader history,
            CassandraEventStore store) {
        double count(String name) {
            return registry.get("parley.history.cache." + name)
                    .tag("cache", cache)
                    .counter()
                    .count();
        }
    }

    RecentMessagesIT(TestCassandra cassandra) {
        this.session = cassandra.session();
        this.identity = Schema.identity(session, "parley");
        this.uncached = cassandra.reader();
        this.uncachedStore = cassandra.store();
    }

    @BeforeEach
    void start() throws Exception {
        redis = TestRedis.start();
        RecentMessages recent =
                RecentMessages.ofArchiver(settings(0, redis.uri()), identity, new SimpleMeterRegistry());
        opened.add(recent);
        awaitRedis(recent);
        archiver = HistoryTables.of(session, "parley").feeding(recent);
    }

    @AfterEach
    void stop() throws Exception {
        opened.forEach(RecentMessages::close);
        redis.close();
    }

    @Test
    void a_page_of_what_the_archiver_stored_is_found_in_redis_at_the_first_time() throws Exception {
        ConversationId id = ConversationId.parse("ann~cache-first");
        Reader reader = redisReader();
        write(id, FOREVER, text(1), text(2), text(3));
        write(id, FOREVER, edited(4, 2, "better"));

        assertThat(page(reader.history(), id, newest(50))).isEqualTo(page(uncached, id, newest(50)));
        assertThat(page(reader.history(), id, newest(50)).get(1).getText()).isEqualTo("better");
        assertThat(reader.count("hits")).isEqualTo(2);
        assertThat(reader.count("misses")).isZero();
    }

    @Test
    void whatever_happens_pages_with_a_cache_are_those_without() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        ConversationId id = ConversationId.parse("ann~cache-random");
        List<Reader> readers = List.of(processReader(), redisReader());
        int seq = 0;
        for (int round = 0; round < 50; round++) {
            List<ChatEvent> events = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                events.add(random(random, ++seq));
            }
            write(id, FOREVER, events.toArray(new ChatEvent[0]));
            if (random.nextInt(15) == 0 && seq > 40) {
                purge(id, seq - 20 - random.nextInt(20));
            }
            if (random.nextInt(10) == 0) {
                // The archiver starts anew, and stores again what it had not committed.
                write(id, FOREVER, events.toArray(new ChatEvent[0]));
            }
            for (int i = 0; i < 3; i++) {
                PageRequest request = request(random, seq);
                int after = Math.max(0, seq - random.nextInt(30));
                List<ChatEvent> expected = page(uncached, id, request);
                List<String> replayed = replay(uncachedStore, id, after);
                for (Reader reader : readers) {
                    assertThat(page(reader.history(), id, request))
                            .as("%s, seed %d, round %d: %s", reader.cache(), seed, round, request)
                            .isEqualTo(expected);
                    assertThat(replay(reader.store(), id, after))
                            .as("%s, seed %d, round %d: after %d", reader.cache(), seed, round, after)
                            .isEqualTo(replayed);
                }
            }
        }
        assertThat(readers)
                .allSatisfy(reader -> assertThat(reader.count("hits"))
                        .as("%s hits, seed %d", reader.cache(), seed)
                        .isGreaterThan(10));
    }

    @Test
    void what_was_edited_or_deleted_is_shown_by_no_read_that_begins_later() throws Exception {
        ConversationId id = ConversationId.parse("ann~cache-race");
        List<Reader> readers = List.of(processReader(), redisReader(), redisReader());
        // Of each message: how many of its changes are stored; a deletion is its last.
        int messages = 20;
        AtomicInteger[] changes = IntStream.range(0, messages + 1)
                .mapToObj(seq -> new AtomicInteger())
                .toArray(AtomicInteger[]::new);
        write(
                id,
                FOREVER,
                IntStream.rangeClosed(1, messages)
                        .mapToObj(seq -> event(seq).setText("0").build())
                        .toArray(ChatEvent[]::new));
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService racing = Executors.newFixedThreadPool(RACERS);
        List<Future<?>> racers = new ArrayList<>();
        for (int racer = 0; racer < RACERS; racer++) {
            Reader reader = readers.get(racer % readers.size());
            racers.add(racing.submit(() -> {
                while (!done.get()) {
                    int[] before = IntStream.rangeClosed(0, messages)
                            .map(seq -> changes[seq].get())
                            .toArray();
                    for (ChatEvent shown :
                            page(reader.history(), id, new PageRequest(new PageRequest.After(0), messages))) {
                        int has = shown.hasDeletedMessage() ? 3 : Integer.parseInt(shown.getText());
                        assertThat(has)
                                .as("%s, seq %d", reader.cache(), shown.getSeq())
                                .isGreaterThanOrEqualTo(before[shown.getSeq()]);
                    }
                }
                return null;
            }));
        }
        int seq = messages;
        try {
            for (int change = 1; change <= 3; change++) {
                for (int target = 1; target <= messages; target++) {
                    seq++;
                    write(
                            id,
                            FOREVER,
                            change == 3 ? deleted(seq, target) : edited(seq, target, Integer.toString(change)));
                    changes[target].set(change);
                    // Lets pages be found in between, too.
                    page(readers.get(target % readers.size()).history(), id, newest(50));
                }
            }
        } finally {
            done.set(true);
        }
        for (Future<?> racer : racers) {
            racer.get(60, TimeUnit.SECONDS);
        }
        racing.shutdown();
        assertThat(readers).allSatisfy(reader -> {
            assertThat(reader.count("hits")).as("%s hits", reader.cache()).isPositive();
            assertThat(reader.count("misses")).as("%s misses", reader.cache()).isPositive();
        });
    }

    @Test
    void what_expires_is_shown_no_longer_than_without_a_cache() throws Exception {
        ConversationId id = ConversationId.parse("ann~cache-expiry");
        List<Reader> readers = List.of(processReader(), redisReader());
        ChatEvent expiring = ChatEvent.newBuilder()
                .setSeq(1)
                .setFrom("ann")
                .setAt(Timestamps.fromMillis(
                        Instant.now().minus(Duration.ofDays(1)).plusSeconds(6).toEpochMilli()))
                .setText("short-lived")
                .build();
        write(id, Keeping.newBuilder().setDays(1).build(), expiring);
        write(id, FOREVER, text(2));

        for (Reader reader : readers) {
            page(reader.history(), id, newest(50));
            assertThat(page(reader.history(), id, newest(50))).hasSize(2);
        }
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(30, TimeUnit.MILLISECONDS)
                .until(() -> {
                    int stored = page(uncached, id, newest(50)).size();
                    for (Reader reader : readers) {
                        assertThat(page(reader.history(), id, newest(50)).size())
                                .as("messages shown from %s", reader.cache())
                                .isLessThanOrEqualTo(stored);
                    }
                    return stored == 1;
                });
        assertThat(readers)
                .allSatisfy(reader -> assertThat(reader.count("hits"))
                        .as("%s hits", reader.cache())
                        .isPositive());
    }

    @Test
    void a_redis_that_stops_or_dies_breaks_nothing_and_is_used_again_when_it_is_back() throws Exception {
        ConversationId id = ConversationId.parse("ann~cache-outage");
        Reader reader = redisReader();
        write(id, FOREVER, text(1), text(2));
        assertThat(page(reader.history(), id, newest(50))).hasSize(2);

        redis.pause();
        write(id, FOREVER, deleted(3, 1));
        for (int i = 0; i < 20; i++) {
            assertThat(page(reader.history(), id, newest(50))).isEqualTo(page(uncached, id, newest(50)));
        }
        assertThat(reader.recent().isRedisConnected()).isFalse();
        assertThat(reader.count("errors")).as("questions that waited").isBetween(1.0, 10.0);
        redis.resume();
        assertFoundAgain(reader, id);

        redis.kill();
        write(id, FOREVER, text(4));
        for (int i = 0; i < 20; i++) {
            assertThat(page(reader.history(), id, newest(50))).isEqualTo(page(uncached, id, newest(50)));
        }
        redis.startAgain();
        assertFoundAgain(reader, id);
    }

    /** What Redis had before the outage lacks the changes since: it is not shown. */
    private void assertFoundAgain(Reader reader, ConversationId id) {
        double hits = reader.count("hits");
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> {
                    assertThat(page(reader.history(), id, newest(50))).isEqualTo(page(uncached, id, newest(50)));
                    return reader.count("hits") > hits;
                });
    }

    @Test
    void a_reader_begins_without_redis_too() throws Exception {
        ConversationId id = ConversationId.parse("ann~cache-none");
        redis.kill();
        Reader reader = reader("redis", settings(0, redis.uri()));
        write(id, FOREVER, text(1));

        assertThat(page(reader.history(), id, newest(50))).hasSize(1);
        redis.startAgain();
        assertFoundAgain(reader, id);
    }

    private Reader processReader() {
        return reader("caffeine", settings(8 << 20, ""));
    }

    private Reader redisReader() {
        Reader reader = reader("redis", settings(0, redis.uri()));
        awaitRedis(reader.recent());
        return reader;
    }

    private static void awaitRedis(RecentMessages recent) {
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .until(recent::isRedisConnected);
    }

    private Reader reader(String cache, HistoryCacheSettings settings) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        RecentMessages recent = RecentMessages.ofReader(settings, identity, registry);
        opened.add(recent);
        return new Reader(
                cache,
                recent,
                registry,
                new HistoryReader(session, "parley", LONGEST, recent),
                new CassandraEventStore(session, "parley", recent));
    }

    /** The machine may be busy: an answer in time is one within half a second. */
    private static HistoryCacheSettings settings(long processBytes, String redis) {
        return new HistoryCacheSettings(
                processBytes, redis, Duration.ofMillis(500), Duration.ofMillis(200), 60, 1024, Duration.ofHours(1));
    }

    private static ChatEvent random(Random random, int seq) {
        int target = Math.max(1, seq - 1 - random.nextInt(25));
        int kind = seq == 1 ? 9 : random.nextInt(12);
        if (kind < 2) {
            return edited(seq, target, "edited by " + seq);
        }
        if (kind < 4) {
            return deleted(seq, target);
        }
        if (kind == 4) {
            return event(seq)
                    .setReacted(Reacted.newBuilder().setSeq(target).setEmoji("👍"))
                    .build();
        }
        if (kind == 5 && random.nextInt(5) == 0) {
            return event(seq)
                    .setUserErased(UserErased.newBuilder().setUser("ben"))
                    .build();
        }
        String text = kind == 6 && random.nextInt(6) == 0 ? "x".repeat(3000) : "text " + seq;
        return event(seq)
                .setFrom(random.nextInt(4) == 0 ? "ben" : "ann")
                .setText(text)
                .build();
    }

    private static PageRequest request(Random random, int head) {
        int seq = Math.max(0, head - random.nextInt(40));
        return new PageRequest(
                switch (random.nextInt(4)) {
                    case 0 -> new PageRequest.After(seq);
                    case 1 -> new PageRequest.Before(seq);
                    case 2 -> new PageRequest.At(Instant.ofEpochMilli(at(seq)));
                    default -> new PageRequest.Newest();
                },
                1 + random.nextInt(30));
    }

    private static PageRequest newest(int limit) {
        return new PageRequest(new PageRequest.Newest(), limit);
    }

    private void write(ConversationId id, Keeping keeping, ChatEvent... events) throws Exception {
        List<LoggedEvent> logged = List.of(events).stream()
                .map(event -> new LoggedEvent(new SequencedEvent(event.getSeq(), event.toByteArray()), keeping))
                .toList();
        get(archiver.write(Map.of(id, logged), Map.of()));
    }

    private void purge(ConversationId id, int through) throws Exception {
        PointersMoved moved = PointersMoved.newBuilder()
                .setPurged(through)
                .setPurgedAtMillis(at(1_000_000))
                .build();
        get(archiver.write(Map.of(), Map.of(id, List.of(moved))));
    }

    private static List<ChatEvent> page(HistoryReader reader, ConversationId id, PageRequest request) throws Exception {
        return ((HistoryAnswer.Found) get(reader.page(id, ANN, request))).page().getMessagesList();
    }

    private static List<String> replay(CassandraEventStore store, ConversationId id, int after) throws Exception {
        EventPage page = get(store.read(id, after, 10));
        List<String> all = new ArrayList<>(page.events().stream()
                .map(event -> event.seq() + " "
                        + new String(event.payload(WireFormat.JSON), java.nio.charset.StandardCharsets.UTF_8))
                .toList());
        all.add("through " + page.through());
        return all;
    }

    private static ChatEvent text(int seq) {
        return event(seq).setText("text " + seq).build();
    }

    private static ChatEvent edited(int seq, int target, String text) {
        return event(seq)
                .setEdited(Edited.newBuilder().setSeq(target).setText(text))
                .build();
    }

    private static ChatEvent deleted(int seq, int target) {
        return event(seq).setDeleted(Deleted.newBuilder().setSeq(target)).build();
    }

    private static ChatEvent.Builder event(int seq) {
        return ChatEvent.newBuilder().setSeq(seq).setFrom("ann").setAt(Timestamps.fromMillis(at(seq)));
    }

    private static long at(int seq) {
        return 1_800_000_000_000L + seq;
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
