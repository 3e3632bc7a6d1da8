package io.parley.history.visiting;

import io.parley.gateway.Loop;
import io.parley.gateway.delivering.DeliveryNode;
import io.parley.gateway.delivering.DeviceLink;
import io.parley.gateway.delivering.DeviceSession;
import io.parley.gateway.delivering.Frame;
import io.parley.gateway.delivering.SignalView;
import io.parley.gateway.publishing.AttachmentCheck;
import io.parley.gateway.publishing.PublicationFilters;
import io.parley.gateway.publishing.Submission;
import io.parley.gateway.requesting.Answer;
import io.parley.gateway.requesting.OpenRequests;
import io.parley.gateway.requesting.OpenRequests.Asked;
import io.parley.gateway.requesting.Outages;
import io.parley.gateway.requesting.Requests;
import io.parley.gateway.subscribing.Address;
import io.parley.protocol.DeviceId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection without a session: its user asks and sends, and nothing is delivered but the answers. The engine knows no device by it. On its loop.
 */
final class Visitor implements DeviceLink {
    private static final String TOO_MANY = "too many requests at once, wait for their answers";

    private final DeviceId device;
    private final DeliveryNode node;
    private final Requests requests;
    private final PublicationFilters filters;
    private final AttachmentCheck attachments;
    private final Outages outages;
    private final Loop loop;
    private final DeviceSession session;
    /** The ids under which the engine is asked; as many as a connection may have open. */
    private final OpenRequests open = new OpenRequests();

    private final Map<Asked, Consumer<Reply>> waiting = new HashMap<>();
    private long usedNanos;

    Visitor(
            DeviceId device,
            DeliveryNode node,
            Requests requests,
            PublicationFilters filters,
            AttachmentCheck attachments,
            Outages outages,
            Loop loop) {
        this.device = device;
        this.node = node;
        this.requests = requests;
        this.filters = filters;
        this.attachments = attachments;
        this.outages = outages;
        this.loop = loop;
        this.usedNanos = loop.nanoTime();
        this.session = node.visit(this, loop);
    }

    void ask(Call call) {
        Asked asked = open(call.request(), reply -> call.settle(new Answered(reply)), call.answer());
        if (asked == null) {
            call.settle(new Answered(Answer.error(call.request(), ErrorCode.RATE_LIMITED, TOO_MANY)));
            return;
        }
        Request named = call.request().toBuilder().setRequestId(asked.id()).build();
        requests.handle(session.origin(), named, new CallAnswer(asked, call));
    }

    void send(String topic, byte[] payload, WireFormat format, CompletableFuture<Sent> sent) {
        MessageCall message = new MessageCall(this, session, node, loop, format, sent, filters, attachments, outages);
        Asked asked = open(Request.getDefaultInstance(), message::answered, sent);
        if (asked == null) {
            sent.completeExceptionally(new RefusedException(Error.newBuilder()
                    .setCode(ErrorCode.RATE_LIMITED)
                    .setMessage(TOO_MANY)
                    .build()));
        } else {
            message.start(asked.id(), Submission.of(topic, payload, 1));
        }
    }

    /** Waits for an answer until there is an outcome; null when too many are waited for. */
    private @Nullable Asked open(Request request, Consumer<Reply> answer, CompletableFuture<?> outcome) {
        usedNanos = loop.nanoTime();
        Asked asked = OpenRequests.name(request, null);
        if (!open.open(asked)) {
            return null;
        }
        waiting.put(asked, answer);
        var unused = outcome.whenComplete((done, failure) -> loop.execute(() -> close(asked)));
        return asked;
    }

    private void close(Asked asked) {
        open.close(asked);
        waiting.remove(asked);
    }

    boolean isIdle(long nanos) {
        return waiting.isEmpty() && loop.nanoTime() - usedNanos > nanos;
    }

    /** Nobody asks by it any more. */
    void end() {
        session.disconnected(OptionalLong.empty());
    }

    @Override
    public DeviceId device() {
        return device;
    }

    @Override
    public void reply(Reply reply) {
        Asked asked = open.close(reply.getRequestId());
        Consumer<Reply> answer = asked == null ? null : waiting.remove(asked);
        // What nobody waits for any more, or what is told to all connections of the user, is for those with a session.
        if (answer != null) {
            answer.accept(reply);
        }
    }

    @Override
    public void close(CloseReason reason) {
        // Without a session it has nothing that another connection could take over, or the log lose.
    }

    @Override
    public void opened(boolean present) {}

    @Override
    public int room() {
        return 0;
    }

    @Override
    public boolean isWritable() {
        return false;
    }

    @Override
    public void send(Frame frame, Address address) {
        throw new IllegalStateException("a visitor subscribed to nothing");
    }

    @Override
    public void send(SignalView signal, Address address) {
        throw new IllegalStateException("a visitor subscribed to nothing");
    }

    @Override
    public void flush() {}

    /** Where the answer of one request goes. */
    private final class CallAnswer implements Answer {
        private final Asked asked;
        private final Call call;

        CallAnswer(Asked asked, Call call) {
            this.asked = asked;
            this.call = call;
        }

        @Override
        public void taken(@Nullable Exception failure) {
            if (failure != null) {
                outages.report("log", failure);
                call.answer().completeExceptionally(new UnavailableException("the log did not take the request"));
            }
        }

        @Override
        public WireFormat format() {
            return call.format();
        }

        @Override
        public int listBytes() {
            return call.listBytes();
        }

        @Override
        public void reply(Reply reply) {
            reply(reply, () -> {});
        }

        @Override
        public void reply(Reply reply, Runnable written) {
            boolean runs = loop.execute(() -> {
                close(asked);
                call.settle(new Answered(reply, written));
            });
            if (!runs) {
                written.run();
            }
        }
    }
}
