package io.parley.gateway.publishing;

import io.parley.protocol.PublishTopic;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Property;
import io.parley.protocol.wire.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One publication of a device on its way through the pipeline. Its first outcome counts. On the connection's shard. */
public final class Incoming {
    private final Publishing pipeline;
    private final PublishTopic topic;
    private final Submission submission;
    private @Nullable Outcome outcome;
    private @Nullable String reason;
    private boolean byConversation;
    private String messageId = "";
    private @Nullable Object request;

    Incoming(Publishing pipeline, PublishTopic topic, Submission submission) {
        this.pipeline = pipeline;
        this.topic = topic;
        this.submission = submission;
    }

    /** Where it was published. */
    public PublishTopic topic() {
        return topic;
    }

    /** What was published; not to be changed. */
    public byte[] payload() {
        return submission.payload();
    }

    /** What the transport acknowledges it by (on MQTT the packet id); 0: it is not acknowledged. */
    public int ticket() {
        return submission.ticket();
    }

    /** What the device wants to see with the answer to a request. */
    public byte @Nullable [] correlation() {
        return submission.correlation();
    }

    /** What the device says beside the payload. */
    List<Property> properties() {
        return submission.properties();
    }

    /** What it asks for that is not offered; null when there is nothing such. */
    @Nullable
    String fault() {
        return submission.fault();
    }

    /** The outcome; null while there is none. */
    public @Nullable Outcome outcome() {
        return outcome;
    }

    /** Why it was refused; null when it was not, or without a reason. */
    public @Nullable String reason() {
        return reason;
    }

    /** It is a message of that id, for {@link #error}. */
    public void isMessage(String id) {
        messageId = id;
    }

    /** The id that {@link #isMessage} said; empty if it is no message, or one without an id. */
    public String messageId() {
        return messageId;
    }

    /** It is a request, which the transport knows by that. */
    public void isRequest(Object asked) {
        request = asked;
    }

    /** What {@link #isRequest} said; null if it is none. */
    public @Nullable Object request() {
        return request;
    }

    /** It was accepted. */
    public void accept() {
        settle(Outcome.ACCEPTED, null);
    }

    /** It will never be accepted. */
    public void refuse(Outcome refusal, @Nullable String why) {
        settle(refusal, why);
    }

    /** The conversation may not begin with it: by the engine's own words. */
    void refuse(Error refusal) {
        byConversation = true;
        settle(
                switch (refusal.getCode()) {
                    case NOT_FOUND -> Outcome.NOT_FOUND;
                    case RATE_LIMITED -> Outcome.RATE_LIMITED;
                    default -> Outcome.NOT_ALLOWED;
                },
                refusal.getMessage());
    }

    /** Whether the conversation's state refused it, and not what it is: it may be accepted another time. */
    public boolean isRefusedByConversation() {
        return byConversation;
    }

    /** The log did not take it. It is neither acknowledged nor refused, and the connection ends: the device still holds it. */
    public void fail() {
        pipeline.failed();
    }

    /** The refusal as an error, which says what it is about. */
    public Reply error() {
        Error.Builder error = Error.newBuilder().setCode(code()).setMessageId(messageId);
        if (reason != null) {
            error.setMessage(reason);
        }
        if (topic instanceof PublishTopic.Chat chat) {
            error.setConversation(chat.conversation().value());
        }
        return Reply.newBuilder().setError(error).build();
    }

    private ErrorCode code() {
        if (outcome == null) {
            return ErrorCode.ERROR_CODE_UNSPECIFIED;
        }
        return switch (outcome) {
            case ACCEPTED -> ErrorCode.ERROR_CODE_UNSPECIFIED;
            case NOT_A_MEMBER -> ErrorCode.NOT_A_MEMBER;
            case NOT_ALLOWED -> ErrorCode.NOT_ALLOWED;
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case RATE_LIMITED -> ErrorCode.RATE_LIMITED;
            case MALFORMED, NOT_OFFERED -> ErrorCode.BAD_REQUEST;
            case TOO_LARGE -> ErrorCode.TOO_LARGE;
        };
    }

    private void settle(Outcome came, @Nullable String why) {
        if (outcome == null) {
            outcome = came;
            reason = why;
            pipeline.settled();
        }
    }
}
