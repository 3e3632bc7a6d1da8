package io.parley.storage;

import com.google.protobuf.util.Timestamps;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.wire.ChatEvent;
import io.parley.runtime.HistoryCacheSettings;
import io.parley.storage.cache.RecentMessages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Measures how long the newest page of 50 messages of 200 bytes takes, one after the other, of conversations in random order: without a cache, with Caffeine,
 * with Redis. Cold: each conversation for the first time; warm: later. Arguments: conversations, pages, rounds. See docs/history-cache.md.
 */
public final class RecentMessagesBench {
    private static final int MESSAGES = 200;
    private static final UserId ANN = UserId.parse("ann");

    private RecentMessagesBench() {}

    /** Prints a line for each cache and round. */
    public static void main(String[] args) throws Exception {
        int conversations = Integer.parseInt(args[0]);
        int pages = Integer.parseInt(args[1]);
        int rounds = Integer.parseInt(args[2]);
        Path data = Files.createTempDirectory(
                Files.createDirectories(Path.of("target").toAbsolutePath()), "bench");
        try (TestCassandra cassandra = TestCassandra.start(data);
                TestRedis redis = TestRedis.start()) {
            for (int i = 0; i < conversations; i++) {
                write(cassandra, conversation(i));
            }
            // The first round warms the program up.
            for (int round = 0; round <= rounds; round++) {
                measure(cassandra, "none", "", 0, conversations, pages, round);
                measure(cassandra, "caffeine", "", 64 << 20, conversations, pages, round);
                measure(cassandra, "redis", redis.uri(), 0, conversations, pages, round);
            }
        }
    }

    private static void measure(
            TestCassandra cassandra, String cache, String redis, long bytes, int conversations, int pages, int round)
            throws Exception {
        HistoryCacheSettings settings = new HistoryCacheSettings(
                bytes, redis, Duration.ofMillis(50), Duration.ofSeconds(1), MESSAGES, 32 << 10, Duration.ofHours(1));
        // A store of its own for each round: what an earlier one left in Redis is not found.
        try (RecentMessages recent = RecentMessages.ofReader(settings, cache + round, new SimpleMeterRegistry())) {
            while (!redis.isEmpty() && !recent.isRedisConnected()) {
                Thread.onSpinWait();
            }
            HistoryReader reader = new HistoryReader(cassandra.session(), "parley", Duration.ofHours(1), recent);
            Random random = new Random(round);
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, conversations).boxed().toList());
            Collections.shuffle(order, random);
            long[] cold = order.stream().mapToLong(i -> nanos(reader, i)).toArray();
            long[] warm = random.ints(pages, 0, conversations)
                    .mapToLong(i -> nanos(reader, i))
                    .toArray();
            if (round > 0) {
                System.out.printf("round %d %-8s cold %s warm %s%n", round, cache, told(cold), told(warm));
            }
        }
    }

    private static long nanos(HistoryReader reader, int conversation) {
        long begun = System.nanoTime();
        HistoryAnswer answer =
                get(reader.page(conversation(conversation), ANN, new PageRequest(new PageRequest.Newest(), 50)));
        long taken = System.nanoTime() - begun;
        if (!(answer instanceof HistoryAnswer.Found found) || found.page().getMessagesCount() != 50) {
            throw new IllegalStateException("not a page of 50: " + answer);
        }
        return taken;
    }

    private static String told(long[] nanos) {
        Arrays.sort(nanos);
        return String.format(
                "p50 %.2f ms p99 %.2f ms",
                nanos[nanos.length / 2] / 1e6, nanos[(int) (nanos.length * 99L / 100)] / 1e6);
    }

    private static void write(TestCassandra cassandra, ConversationId id) {
        List<LoggedEvent> events = IntStream.rangeClosed(1, MESSAGES)
                .mapToObj(seq -> ChatEvent.newBuilder()
                        .setSeq(seq)
                        .setId("message-" + seq)
                        .setFrom("ann")
                        .setAt(Timestamps.fromMillis(1_800_000_000_000L + seq))
                        .setText("x".repeat(200))
                        .build())
                .map(event -> new LoggedEvent(
                        new SequencedEvent(event.getSeq(), event.toByteArray()), Keeping.getDefaultInstance()))
                .toList();
        get(cassandra.writer().write(Map.of(id, events)));
    }

    private static ConversationId conversation(int number) {
        return ConversationId.direct(ANN, UserId.parse("b" + number));
    }

    private static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
