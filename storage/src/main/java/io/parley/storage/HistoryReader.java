package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.google.protobuf.Timestamp;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ConversationList;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.HistoryPage;
import io.parley.storage.cache.RecentMessages;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads history for a user: only conversations that they are in, and only from the seq on with which they joined. Who is in a group is decided only by a
 * history that is new enough: otherwise a read fails with {@link HistoryBehindException}.
 */
public final class HistoryReader {
    /** Conversations that are read together. */
    private static final int LISTED_AT_ONCE = 16;

    private final MessageRows messages;
    private final RecentRows pages;
    private final ConversationRows conversations;
    private final ReactionRows reactions;
    private final Freshness freshness;

    /**
     * Prepares its statements: the tables must exist, see {@link Schema#await}.
     *
     * @param longestBehind how far the stored history may be behind the log when it decides who may read a group
     */
    public HistoryReader(CqlSession session, String keyspace, Duration longestBehind) {
        this(session, keyspace, longestBehind, RecentMessages.NONE);
    }

    /**
     * Likewise.
     *
     * @param recent where pages are looked for first
     */
    public HistoryReader(CqlSession session, String keyspace, Duration longestBehind, RecentMessages recent) {
        this.messages = new MessageRows(session, keyspace);
        this.pages = new RecentRows(recent, new BoundedRows(messages));
        this.conversations = new ConversationRows(session, keyspace);
        this.reactions = new ReactionRows(session, keyspace);
        this.freshness = new Freshness(session, keyspace, longestBehind);
    }

    /** Whether the history of all groups can be read. Fails when Cassandra cannot be reached. */
    public CompletionStage<Boolean> isUpToDate() {
        return freshness.age().thenApply(age -> age.isWithinLimit(System.nanoTime()));
    }

    /** A page of a conversation as the user may see it. Fails when Cassandra cannot be reached, and when the history is behind. */
    public CompletionStage<HistoryAnswer> page(ConversationId conversation, UserId user, PageRequest request) {
        return freshness.age().thenCompose(age -> page(conversation, user, request, age));
    }

    private CompletionStage<HistoryAnswer> page(
            ConversationId conversation, UserId user, PageRequest request, HistoryAge age) {
        // The extent first: a removal is written before the head that counts it, so who is still a member after it may
        // see all of it.
        return messages.extent(conversation)
                .thenCompose(extent -> joined(conversation, user, age)
                        .thenCompose(joined -> joined.isEmpty()
                                ? CompletableFuture.completedFuture(new HistoryAnswer.NotMember())
                                : events(
                                                conversation,
                                                Math.max(joined.getAsInt(), extent.purged() + 1),
                                                extent,
                                                request)
                                        .thenCompose(found ->
                                                page(conversation, user, request.fitting(found), extent.head()))));
    }

    /** The seq with which the user joined; empty when they are no member. Fails unless the history was still new enough when this was read. */
    private CompletionStage<OptionalInt> joined(ConversationId conversation, UserId user, HistoryAge age) {
        return conversations.joined(conversation, user).thenApply(joined -> {
            age.require(conversation, System.nanoTime());
            return joined;
        });
    }

    /** The newest seq that history has; 0 when it has none. Asks nobody about rights. */
    public CompletionStage<Integer> head(ConversationId conversation) {
        return messages.extent(conversation).thenApply(MessageRows.Extent::head);
    }

    /**
     * A page of the user's conversations, by id; it ends at {@value ListRequest#MAX_BYTES} bytes, too. Its unread total is that of the conversations on it. Fails when Cassandra cannot be reached, and when the
     * history of one of them is behind.
     */
    public CompletionStage<ConversationList> list(UserId user, ListRequest request) {
        return freshness
                .age()
                // One more than asked for tells whether another page follows.
                .thenCompose(age -> conversations
                        .of(user, request.after(), request.limit() + 1)
                        .thenApply(ids -> {
                            long now = System.nanoTime();
                            ids.forEach(id -> age.require(ConversationId.parse(id), now));
                            return ids;
                        }))
                .thenCompose(ids -> list(ids, user, request.limit()));
    }

    private CompletionStage<ConversationList> list(List<String> ids, UserId user, int limit) {
        return summaries(ids.subList(0, Math.min(limit, ids.size())), user, new ArrayList<>())
                .thenApply(listed -> {
                    ConversationList.Builder list = ConversationList.newBuilder()
                            .addAllConversations(listed)
                            .setUnreadTotal(listed.stream()
                                    .mapToInt(ConversationSummary::getUnread)
                                    .sum());
                    if (listed.size() < ids.size()) {
                        list.setNext(ListRequest.next(ids.get(listed.size() - 1)));
                    }
                    return list.build();
                });
    }

    /** Of as many as fit on a page, a few at once: each may have a thousand members, and a thousand messages to count. */
    private CompletionStage<List<ConversationSummary>> summaries(
            List<String> ids, UserId user, List<ConversationSummary> listed) {
        long bytes = listed.stream()
                .mapToLong(ConversationSummary::getSerializedSize)
                .sum();
        if (ids.isEmpty() || bytes > ListRequest.MAX_BYTES) {
            return CompletableFuture.completedFuture(listed);
        }
        int count = Math.min(LISTED_AT_ONCE, ids.size());
        return conversations
                .summaries(ids.subList(0, count), user)
                .thenCompose(some -> ConversationRows.all(
                        some.stream().map(summary -> unread(summary, user)).toList()))
                .thenCompose(some -> {
                    listed.addAll(some);
                    return summaries(ids.subList(count, ids.size()), user, listed);
                });
    }

    /** Messages of others between the user's pointer and the head. */
    private CompletionStage<ConversationSummary> unread(ConversationSummary summary, UserId user) {
        ConversationId id = ConversationId.parse(summary.getId());
        if (summary.getRead() >= summary.getHead()) {
            return CompletableFuture.completedFuture(
                    summary.toBuilder().setUnread(0).build());
        }
        return conversations
                .joined(id, user)
                .thenCompose(joined -> messages.ofOthers(
                        id, user.value(), Math.max(summary.getRead() + 1, joined.orElse(1)), summary.getHead()))
                .thenApply(count -> summary.toBuilder().setUnread(count).build());
    }

    private CompletionStage<List<StoredMessage>> events(
            ConversationId conversation, int first, MessageRows.Extent extent, PageRequest request) {
        int head = extent.head();
        RecentRows.Stretches stretches = pages.of(conversation, extent.recent());
        PageRequest.Start start = request.start();
        BoundedRows.Bound bound = new BoundedRows.Bound(request.limit(), PageRequest.MAX_BYTES);
        if (start instanceof PageRequest.After after) {
            return after.seq() >= head
                    ? CompletableFuture.completedFuture(List.of())
                    : stretches.lowest(Math.max(first, after.seq() + 1), head, bound);
        }
        if (start instanceof PageRequest.Before before) {
            return stretches.highest(first, Math.min(head, before.seq() - 1), bound);
        }
        if (start instanceof PageRequest.At at) {
            return conversations
                    .bucketAt(conversation, at.time())
                    .thenCompose(bucket -> firstAt(
                            conversation,
                            at.time(),
                            Math.max(first, Buckets.firstSeq(bucket)),
                            Math.min(head, Buckets.lastSeq(bucket)) + 1))
                    .thenCompose(seq -> stretches.lowest(Math.max(first, seq), head, bound));
        }
        return stretches.highest(first, head, bound);
    }

    /** The first seq in {@code low..high} whose time is not before {@code time}; {@code high} if there is none. By halving. */
    private CompletionStage<Integer> firstAt(ConversationId conversation, Instant time, int low, int high) {
        if (low >= high) {
            return CompletableFuture.completedFuture(low);
        }
        int middle = low + (high - low) / 2;
        // What is kept no more tells no time: the next that is kept does.
        return messages.lowest(conversation, middle, high - 1, 1).thenCompose(found -> {
            if (found.isEmpty()) {
                return firstAt(conversation, time, low, middle);
            }
            return isBefore(found.get(0), time)
                    ? firstAt(conversation, time, found.get(0).event().seq() + 1, high)
                    : firstAt(conversation, time, low, middle);
        });
    }

    private static boolean isBefore(StoredMessage message, Instant time) {
        Timestamp at = message.event().decoded().getAt();
        return Instant.ofEpochSecond(at.getSeconds(), at.getNanos()).isBefore(time);
    }

    private CompletionStage<HistoryAnswer> page(
            ConversationId conversation, UserId user, List<StoredMessage> found, int head) {
        HistoryPage.Builder page = HistoryPage.newBuilder().setHead(head);
        if (found.isEmpty()) {
            return CompletableFuture.completedFuture(new HistoryAnswer.Found(page.build()));
        }
        int first = found.get(0).event().seq();
        int last = found.get(found.size() - 1).event().seq();
        return reactions.count(conversation, first, last, user).thenApply(counts -> {
            found.forEach(message -> page.addMessages(
                    message.shown(counts.getOrDefault(message.event().seq(), List.of()))));
            return new HistoryAnswer.Found(page.build());
        });
    }
}
