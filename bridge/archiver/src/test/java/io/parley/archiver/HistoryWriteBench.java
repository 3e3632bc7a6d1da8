package io.parley.archiver;

import com.datastax.oss.driver.api.core.CqlSession;
import com.google.protobuf.util.Timestamps;
import io.parley.protocol.ConversationId;
import io.parley.protocol.LogPlace;
import io.parley.protocol.LogTopics;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.wire.ChatEvent;
import io.parley.runtime.CassandraSettings;
import io.parley.storage.CassandraConnection;
import io.parley.storage.HistoryTables;
import io.parley.storage.LoggedEvent;
import io.parley.storage.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how many events a second are written to a Cassandra that runs ({@code ./parley serve cassandra}): in rounds of 2,000, each begun when the one before is written,
 * and in chains. In pairs, by turns. Arguments: address, events, conversations, pairs. Played by hand.
 */
public final class HistoryWriteBench {
    private static final int ROUND = 2000;

    private HistoryWriteBench() {}

    /** Prints a line for each pair. */
    public static void main(String[] args) throws Exception {
        int events = Integer.parseInt(args[1]);
        int conversations = Integer.parseInt(args[2]);
        int pairs = Integer.parseInt(args[3]);
        CassandraSettings settings = new CassandraSettings(List.of(args[0]), "datacenter1", "write_bench", 1);
        try (CqlSession session = CassandraConnection.open(settings)) {
            Schema.ensure(session, settings);
            HistoryTables tables = HistoryTables.of(session, settings.keyspace());
            // The first pair warms both up.
            for (int pair = 0; pair <= pairs; pair++) {
                List<Item> items = items(2 * pair, events, conversations);
                double rounds = perSecond(events, () -> inRounds(tables, items));
                List<Item> others = items(2 * pair + 1, events, conversations);
                double chains = perSecond(events, () -> inChains(tables, others));
                System.out.printf("pair %d rounds %.0f/s chains %.0f/s%n", pair, rounds, chains);
            }
        }
    }

    /** Something that takes long. */
    private interface Work {
        void run() throws Exception;
    }

    private static double perSecond(int events, Work work) throws Exception {
        long begun = System.nanoTime();
        work.run();
        return events * 1e9 / (System.nanoTime() - begun);
    }

    private static void inRounds(HistoryTables tables, List<Item> items) throws Exception {
        for (int from = 0; from < items.size(); from += ROUND) {
            Map<ConversationId, List<LoggedEvent>> round = new LinkedHashMap<>();
            for (Item item : items.subList(from, Math.min(items.size(), from + ROUND))) {
                round.computeIfAbsent(item.conversation(), id -> new ArrayList<>())
                        .addAll(Chain.events(List.of(item)));
            }
            tables.write(round, Map.of()).toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }

    private static void inChains(HistoryTables tables, List<Item> items) {
        Chains chains = new Chains(
                (conversation, portion) -> tables.write(Map.of(conversation, Chain.events(portion)), Map.of()),
                failure -> false,
                (item, failure) -> {
                    throw new IllegalStateException("nothing is to be buried", failure);
                },
                failure -> System.err.println(failure));
        int next = 0;
        int written = 0;
        while (written < items.size()) {
            // As a poll brings them.
            for (int i = 0; i < ROUND && next < items.size() && chains.hasRoom(); i++) {
                chains.add(items.get(next++));
            }
            written += chains.turn(System.nanoTime());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private static List<Item> items(int run, int events, int conversations) {
        Unfinished partition = new Unfinished();
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            ConversationId id =
                    ConversationId.direct(UserId.parse("a" + run), UserId.parse("b" + run + "-" + i % conversations));
            int seq = 1 + i / conversations;
            byte[] bytes = ChatEvent.newBuilder()
                    .setSeq(seq)
                    .setId("message-" + seq)
                    .setFrom("a" + run)
                    .setAt(Timestamps.fromMillis(System.currentTimeMillis()))
                    .setText("x".repeat(200))
                    .build()
                    .toByteArray();
            LogPlace place = new LogPlace(LogTopics.EVENTS, 0, i);
            LoggedEvent event = new LoggedEvent(new SequencedEvent(seq, bytes), Keeping.getDefaultInstance(), place);
            items.add(new Item(id, event, null, place, 0, bytes.length, partition));
        }
        return items;
    }
}
