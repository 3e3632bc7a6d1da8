package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ReactionCount;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Counts the reactions to a stretch of messages: one range read, or two when it crosses a bucket's end. */
final class ReactionRows {
    private static final int FETCH_ROWS = 2000;
    /** Shown of one message, with those of the asking member: a message alone in a page has to fit into a packet of 256 KiB. */
    private static final int MAX_EMOJIS = 64;

    private final CqlSession session;
    private final PreparedStatement range;

    ReactionRows(CqlSession session, String keyspace) {
        this.session = session;
        this.range = session.prepare("SELECT seq, emoji, user FROM " + keyspace
                + ".reactions WHERE conversation = ? AND bucket = ? AND seq >= ? AND seq <= ?");
    }

    /** The 64 most frequent reactions to each message of {@code first..last}, and all those of the asking member; the most frequent first. */
    CompletionStage<Map<Integer, List<ReactionCount>>> count(
            ConversationId conversation, int first, int last, UserId asking) {
        Counting counting = new Counting(asking.value());
        return count(conversation, first, last, counting).thenApply(done -> counting.result());
    }

    private CompletionStage<Void> count(ConversationId conversation, int first, int last, Counting counting) {
        int bucket = Buckets.of(first);
        int end = Math.min(last, Buckets.lastSeq(bucket));
        return session.executeAsync(
                        range.bind(conversation.value(), bucket, first, end).setPageSize(FETCH_ROWS))
                .thenCompose(rows -> counting.takeAll(rows))
                .thenCompose(done -> end < last
                        ? count(conversation, end + 1, last, counting)
                        : CompletableFuture.completedFuture(null));
    }

    /** Holds a number for each message and emoji, however many members set it. */
    private static final class Counting {
        private final String asking;
        private final Map<Integer, Map<String, ReactionCount.Builder>> counts = new HashMap<>();

        Counting(String asking) {
            this.asking = asking;
        }

        CompletionStage<Void> takeAll(AsyncResultSet rows) {
            rows.currentPage().forEach(this::take);
            return rows.hasMorePages()
                    ? rows.fetchNextPage().thenCompose(this::takeAll)
                    : CompletableFuture.completedFuture(null);
        }

        private void take(Row row) {
            String emoji = row.getString("emoji");
            if (emoji == null) {
                return;
            }
            ReactionCount.Builder count = counts.computeIfAbsent(row.getInt("seq"), seq -> new TreeMap<>())
                    .computeIfAbsent(emoji, key -> ReactionCount.newBuilder().setEmoji(key));
            count.setCount(count.getCount() + 1);
            if (asking.equals(row.getString("user"))) {
                count.setMine(true);
            }
        }

        Map<Integer, List<ReactionCount>> result() {
            Map<Integer, List<ReactionCount>> result = new HashMap<>();
            counts.forEach((seq, emojis) -> result.put(seq, shown(emojis.values())));
            return result;
        }

        private static List<ReactionCount> shown(Collection<ReactionCount.Builder> emojis) {
            List<ReactionCount> sorted = emojis.stream()
                    .map(ReactionCount.Builder::build)
                    .sorted(Comparator.comparingInt(ReactionCount::getCount).reversed())
                    .toList();
            List<ReactionCount> shown = new ArrayList<>();
            for (ReactionCount one : sorted) {
                if (shown.size() < MAX_EMOJIS || one.getMine()) {
                    shown.add(one);
                }
            }
            return shown;
        }
    }
}
