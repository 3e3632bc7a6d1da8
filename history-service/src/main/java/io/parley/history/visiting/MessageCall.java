package io.parley.history.visiting;

import io.parley.gateway.Ids;
import io.parley.gateway.Loop;
import io.parley.gateway.delivering.DeliveryNode;
import io.parley.gateway.delivering.DeviceSession;
import io.parley.gateway.publishing.AttachmentCheck;
import io.parley.gateway.publishing.ChatSteps;
import io.parley.gateway.publishing.Incoming;
import io.parley.gateway.publishing.Outcome;
import io.parley.gateway.publishing.PublicationFilters;
import io.parley.gateway.publishing.Publisher;
import io.parley.gateway.publishing.Publishing;
import io.parley.gateway.publishing.Submission;
import io.parley.gateway.requesting.Outages;
import io.parley.gateway.throttling.Throttle;
import io.parley.protocol.Feed;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.PublishTopic;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Reply;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way through the pipeline of every transport. When the log has it, the engine's word is waited for, which tells whether it is new, known or
 * refused. If that does not come in {@value #WORD_MILLIS} ms, the message is in safe hands all the same. A receipt or typing is done when the node has taken it.
 * On the visitor's loop.
 */
final class MessageCall implements Publisher {
    private static final long WORD_MILLIS = 2_000;

    /** What a user may send is looked at before the pipeline: HTTP refuses what MQTT lets wait. */
    private static final Throttle PASSES = new Throttle() {
        @Override
        public long message(UserId user, int bytes) {
            return NOW;
        }

        @Override
        public long request(UserId user, int bytes) {
            return NOW;
        }
    };

    private final Loop loop;
    private final WireFormat format;
    private final CompletableFuture<Sent> sent;
    private final Publishing pipeline;
    private String requestId = "";
    private String madeId = "";
    private @Nullable Sent inLog;
    private @Nullable Reply word;
    private boolean closing;

    MessageCall(
            Visitor visitor,
            DeviceSession session,
            DeliveryNode node,
            Loop loop,
            WireFormat format,
            CompletableFuture<Sent> sent,
            PublicationFilters filters,
            AttachmentCheck attachments,
            Outages outages) {
        this.loop = loop;
        this.format = format;
        this.sent = sent;
        ChatSteps steps = new ChatSteps(
                session,
                visitor.device().user(),
                node.log(),
                this,
                PASSES,
                this::makeId,
                failure -> outages.report("log", failure),
                filters,
                attachments);
        this.pipeline = new Publishing(this, visitor.device().user(), steps, MessageCall::noRequest);
    }

    private String makeId() {
        madeId = Ids.message();
        return madeId;
    }

    private static void noRequest(Incoming incoming) throws MalformedPayload {
        throw new MalformedPayload("a request is no message");
    }

    void start(String asked, Submission submission) {
        requestId = asked;
        pipeline.take(submission);
    }

    @Override
    public void acknowledge(Incoming incoming) {
        if (incoming.outcome() != Outcome.ACCEPTED || !(incoming.topic() instanceof PublishTopic.Chat chat)) {
            sent.completeExceptionally(new RefusedException(incoming.error().getError()));
            return;
        }
        String id = incoming.messageId().isEmpty() ? madeId : incoming.messageId();
        Sent logged = new Sent(id, chat.conversation(), false);
        if (chat.feed() != Feed.MSG) {
            // The engine says nothing to a signal.
            sent.complete(logged);
            return;
        }
        inLog = logged;
        loop.schedule(() -> sent.complete(logged), WORD_MILLIS);
        settle();
    }

    /** The engine's word. */
    void answered(Reply reply) {
        word = reply;
        settle();
    }

    private void settle() {
        Reply told = word;
        Sent logged = inLog;
        if (told != null && told.hasError()) {
            sent.completeExceptionally(new RefusedException(told.getError()));
        } else if (told != null && logged != null) {
            sent.complete(new Sent(logged.id(), logged.conversation(), told.hasOk()));
        }
    }

    @Override
    public WireFormat format() {
        return format;
    }

    @Override
    public String requestId(Incoming incoming) {
        return requestId;
    }

    @Override
    public void read(boolean on) {
        // There is one message only.
    }

    @Override
    public void busy(String reason) {
        closing = true;
        sent.completeExceptionally(new UnavailableException(reason));
    }

    @Override
    public boolean isClosing() {
        return closing;
    }

    @Override
    public void later(Runnable task, long millis) {
        loop.schedule(task, millis);
    }

    @Override
    public void onShard(Runnable task) {
        loop.execute(task);
    }
}
