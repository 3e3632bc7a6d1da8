package io.parley.broker.netty;

import io.parley.broker.netty.OpenRequests.Asked;
import io.parley.broker.request.Outages;
import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.Reply;
import org.jspecify.annotations.Nullable;

/** One PUBLISH of a device that waits for its PUBACK. The first outcome counts. */
final class Taken {
    private final Acknowledgements owner;
    private final int packetId;
    private @Nullable Outcome outcome;
    private @Nullable String reason;
    private String conversation = "";
    private String messageId = "";
    private @Nullable Asked asked;

    /** @param packetId 0 at QoS 0, where nothing is acknowledged */
    Taken(Acknowledgements owner, int packetId) {
        this.owner = owner;
        this.packetId = packetId;
    }

    int packetId() {
        return packetId;
    }

    @Nullable
    Outcome outcome() {
        return outcome;
    }

    @Nullable
    String reason() {
        return reason;
    }

    /** What it was published to, for {@link #error}; and so the following. */
    void isTo(ConversationId conversation) {
        this.conversation = conversation.value();
    }

    void isMessage(String id) {
        messageId = id;
    }

    void isRequest(Asked request) {
        asked = request;
    }

    /** The request that it was, if it was one. */
    @Nullable
    Asked asked() {
        return asked;
    }

    void accept() {
        settle(Outcome.ACCEPTED, null);
    }

    void refuse(Outcome refusal, @Nullable String why) {
        settle(refusal, why);
    }

    /** It has been appended, or, with a failure, has not. */
    void settle(@Nullable Exception failure, Outages outages) {
        if (failure == null) {
            accept();
        } else {
            outages.report("log", failure);
            unreachable();
        }
    }

    void unreachable() {
        refuse(Outcome.UNREACHABLE, "the log cannot be reached, send it again");
    }

    /** The refusal as an error, which says what it is about. */
    Reply error(Outcome refusal) {
        return Reply.newBuilder()
                .setError(Error.newBuilder()
                        .setCode(refusal.error())
                        .setMessage(reason == null ? "" : reason)
                        .setMessageId(messageId)
                        .setConversation(conversation))
                .build();
    }

    private void settle(Outcome came, @Nullable String why) {
        if (outcome == null) {
            outcome = came;
            reason = why;
            owner.settled();
        }
    }
}
