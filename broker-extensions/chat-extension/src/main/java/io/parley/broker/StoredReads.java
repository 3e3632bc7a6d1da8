package io.parley.broker;

import io.parley.gateway.requesting.Reads;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.Reply;
import io.parley.storage.HistoryAnswer;
import io.parley.storage.HistoryReader;
import io.parley.storage.PageRequest;
import java.util.concurrent.CompletionStage;

/** Answers reading requests from Cassandra. */
final class StoredReads implements Reads {
    private final HistoryReader reader;

    StoredReads(HistoryReader reader) {
        this.reader = reader;
    }

    @Override
    public CompletionStage<Reply> history(UserId user, ConversationId conversation, HistoryRequest request) {
        return reader.page(conversation, user, PageRequest.of(request)).thenApply(StoredReads::reply);
    }

    private static Reply reply(HistoryAnswer answer) {
        if (answer instanceof HistoryAnswer.Found found) {
            return Reply.newBuilder().setHistory(found.page()).build();
        }
        return Reply.newBuilder()
                .setError(Error.newBuilder().setCode(ErrorCode.NOT_A_MEMBER).setMessage("not a member"))
                .build();
    }
}
