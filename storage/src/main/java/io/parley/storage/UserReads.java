package io.parley.storage;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ConversationList;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.HistoryPage;
import io.parley.protocol.wire.ReactionCount;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What users ask of history, each read within the process's {@link ReadBudget}. Every service that reads for users reads here. A user pays for what was
 * read for them, also for rows that were only counted.
 */
public final class UserReads {
    /** What a row costs that is only counted. */
    private static final long ROW_BYTES = 64;
    /** What a read costs that finds nothing. */
    private static final long READ_BYTES = 1024;
    /** What is held while a page of conversations is read. */
    private static final long LIST_BYTES = 4L << 20;

    private static final int MAX_COUNTED = 1000;

    private final HistoryReader reader;
    private final ReadBudget budget;

    public UserReads(HistoryReader reader, ReadBudget budget) {
        this.reader = reader;
        this.budget = budget;
    }

    /** A page of a conversation, as {@link HistoryReader#page}; fails with {@link ReadsLimitedException} when the user asks for too much at once. */
    public CompletionStage<Held<HistoryAnswer>> page(ConversationId conversation, UserId user, PageRequest request) {
        return budget.read(
                user,
                held(request),
                lease -> reader.page(conversation, user, request).thenApply(answer -> {
                    lease.spend(cost(answer));
                    return answer;
                }));
    }

    /** A page of the user's conversations, as {@link HistoryReader#list}; fails likewise. */
    public CompletionStage<Held<ConversationList>> list(UserId user, ListRequest request) {
        return budget.read(
                user,
                LIST_BYTES,
                lease -> reader.list(user, request).thenApply(list -> {
                    lease.spend(cost(list));
                    return list;
                }));
    }

    /** All of the user's conversations, page by page: each is a read of its own, and waits for its turn. */
    public CompletionStage<ConversationList> listAll(UserId user) {
        return listAll(user, ListRequest.FIRST, ConversationList.newBuilder().setUnreadTotal(0));
    }

    private CompletionStage<ConversationList> listAll(UserId user, ListRequest request, ConversationList.Builder all) {
        return list(user, request).thenCompose(held -> {
            ConversationList page = held.value();
            held.release().run();
            all.addAllConversations(page.getConversationsList())
                    .setUnreadTotal(all.getUnreadTotal() + page.getUnreadTotal());
            return page.getNext().isEmpty()
                    ? CompletableFuture.completedFuture(all.build())
                    : listAll(user, ListRequest.after(page.getNext(), request.limit()), all);
        });
    }

    /** The page, and one message more: what is read before it is known that it does not fit. */
    private static long held(PageRequest request) {
        return Math.min(
                request.limit() * (long) MessageRows.UNKNOWN_BYTES, PageRequest.MAX_BYTES + MessageRows.UNKNOWN_BYTES);
    }

    private static long cost(HistoryAnswer answer) {
        if (!(answer instanceof HistoryAnswer.Found found)) {
            return READ_BYTES;
        }
        HistoryPage page = found.page();
        long reactions = page.getMessagesList().stream()
                .flatMap(message -> message.getReactionsList().stream())
                .mapToLong(ReactionCount::getCount)
                .sum();
        return READ_BYTES + page.getSerializedSize() + reactions * ROW_BYTES;
    }

    private static long cost(ConversationList list) {
        long counted = list.getConversationsList().stream()
                .mapToLong(UserReads::counted)
                .sum();
        return READ_BYTES + list.getSerializedSize() + counted * ROW_BYTES;
    }

    /** How many rows were read to count what is unread. */
    private static long counted(ConversationSummary summary) {
        return Math.max(0, Math.min(MAX_COUNTED, summary.getHead() - summary.getRead()));
    }
}
