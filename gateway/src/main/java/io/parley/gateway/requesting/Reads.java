package io.parley.gateway.requesting;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.Reply;
import java.util.concurrent.CompletionStage;

/** What requests read from storage. A refusal is a reply with an error; a stage fails only when the storage cannot be reached. */
public interface Reads {
    /**
     * What was read.
     *
     * @param reply the answer
     * @param written to be run when the answer has been written, or cannot be: then the user's next read may start; may be run more than once
     */
    record Found(Reply reply, Runnable written) {}

    /** A page of a conversation as this user may see it. */
    CompletionStage<Found> history(UserId reader, ConversationId conversation, HistoryRequest request);
}
