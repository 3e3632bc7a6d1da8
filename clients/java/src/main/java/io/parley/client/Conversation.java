package io.parley.client;

import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.HistoryPage;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Request;
import java.util.concurrent.CompletableFuture;

/** One conversation of the client's user, as something to talk in. It holds nothing: get it as often as you like. */
public final class Conversation {
    private final ParleyClient client;
    private final ConversationId id;

    Conversation(ParleyClient client, ConversationId id) {
        this.client = client;
        this.id = id;
    }

    public ConversationId id() {
        return id;
    }

    /** Sends a text, now or as soon as there is a connection. */
    public SentMessage send(String text) {
        return send(Publication.newBuilder().setText(text));
    }

    /** Sends something that is no text, 128 KiB at most. */
    public SentMessage send(byte[] data, String contentType) {
        return send(Publication.newBuilder()
                .setData(com.google.protobuf.ByteString.copyFrom(data))
                .setContentType(contentType));
    }

    /** Sends whatever it is: an answer, an edit, a reaction. Without an id it gets one; with the same id it is the same message, also after a restart. */
    public SentMessage send(Publication.Builder publication) {
        return client.send(id, publication);
    }

    /** The user has read everything up to that seq. It is told once more after a reconnect until the platform has it. */
    public void read(int seq) {
        client.read(id, seq);
    }

    /** The user types, or stopped. Without a connection nothing happens. */
    public void typing(boolean typing) {
        client.typing(id, typing);
    }

    /**
     * It is on the screen: who is there, who types and what others have read are told from now on, and again after each reconnect. Done when that is granted; fails with 0x87 for whom it is
     * not.
     */
    public CompletableFuture<Void> follow() {
        return client.follow(id);
    }

    /** It is on the screen no more. Its messages still come. */
    public CompletableFuture<Void> unfollow() {
        return client.unfollow(id);
    }

    /** A page of what was said after that seq, ascending; an empty one is the end. */
    public CompletableFuture<HistoryPage> after(int seq, int limit) {
        return history(HistoryRequest.newBuilder().setAfter(seq).setLimit(limit));
    }

    /** A page of what was said before that seq, ascending; 0: the newest. */
    public CompletableFuture<HistoryPage> before(int seq, int limit) {
        HistoryRequest.Builder request = HistoryRequest.newBuilder().setLimit(limit);
        return history(seq > 0 ? request.setBefore(seq) : request);
    }

    private CompletableFuture<HistoryPage> history(HistoryRequest.Builder request) {
        return client.ask(Request.newBuilder().setHistory(request.setConversation(id.value())))
                .thenApply(reply -> reply.getHistory());
    }
}
