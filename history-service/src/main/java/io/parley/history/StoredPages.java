package io.parley.history;

import io.parley.gateway.requesting.Reads;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.Reply;
import io.parley.storage.HistoryAnswer;
import io.parley.storage.PageRequest;
import io.parley.storage.ReadsLimitedException;
import io.parley.storage.UserReads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Pages of history for requests.
 *
 * @param reads reads them within the user's share
 */
record StoredPages(UserReads reads) implements Reads {
    @Override
    public CompletionStage<Found> history(UserId user, ConversationId conversation, HistoryRequest request) {
        return reads.page(conversation, user, PageRequest.of(request))
                .thenApply(held -> new Found(reply(held.value()), held.release()))
                .exceptionallyCompose(StoredPages::limited);
    }

    private static CompletionStage<Found> limited(Throwable failure) {
        boolean limited = failure instanceof CompletionException && failure.getCause() instanceof ReadsLimitedException;
        return limited
                ? CompletableFuture.completedFuture(new Found(
                        error(ErrorCode.RATE_LIMITED, "too much is read for you at once, slow down"), () -> {}))
                : CompletableFuture.failedFuture(failure);
    }

    private static Reply reply(HistoryAnswer answer) {
        return answer instanceof HistoryAnswer.Found found
                ? Reply.newBuilder().setHistory(found.page()).build()
                : error(ErrorCode.NOT_A_MEMBER, "not a member of this conversation");
    }

    private static Reply error(ErrorCode code, String message) {
        return Reply.newBuilder()
                .setError(Error.newBuilder().setCode(code).setMessage(message))
                .build();
    }
}
