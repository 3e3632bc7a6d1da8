package io.parley.stores;

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

/** Answers reading requests from Cassandra. */
public final class StoredReads implements Reads {
    private final UserReads reads;

    public StoredReads(UserReads reads) {
        this.reads = reads;
    }

    @Override
    public CompletionStage<Found> history(UserId user, ConversationId conversation, HistoryRequest request) {
        return limited(reads.page(conversation, user, PageRequest.of(request))
                .thenApply(held -> new Found(reply(held.value()), held.release())));
    }

    private static CompletionStage<Found> limited(CompletionStage<Found> reading) {
        return reading.exceptionallyCompose(failure -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            return cause instanceof ReadsLimitedException
                    ? CompletableFuture.completedFuture(new Found(
                            error(ErrorCode.RATE_LIMITED, "too much is read for you at once, slow down"), () -> {}))
                    : CompletableFuture.failedFuture(cause);
        });
    }

    private static Reply reply(HistoryAnswer answer) {
        return answer instanceof HistoryAnswer.Found found
                ? Reply.newBuilder().setHistory(found.page()).build()
                : error(ErrorCode.NOT_A_MEMBER, "not a member");
    }

    private static Reply error(ErrorCode code, String message) {
        return Reply.newBuilder()
                .setError(Error.newBuilder().setCode(code).setMessage(message))
                .build();
    }
}
