package io.parley.history.visiting;

import io.parley.gateway.Loop;
import io.parley.gateway.delivering.DeliveryNode;
import io.parley.gateway.publishing.AttachmentCheck;
import io.parley.gateway.publishing.PublicationFilters;
import io.parley.gateway.requesting.Outages;
import io.parley.gateway.requesting.Requests;
import io.parley.protocol.DeviceId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Request;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Those who ask and send without a session: one visitor for each device name, which knows for a minute where its user may write. Who comes is a known user. Called on any thread.
 */
public final class Visitors {
    private static final long IDLE_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private final DeliveryNode node;
    private final Requests requests;
    private final PublicationFilters filters;
    private final AttachmentCheck attachments;
    private final Outages outages;
    private final Loops loops;
    private final KnownUsers known;
    private final Map<DeviceId, Visitor> here = new ConcurrentHashMap<>();

    /**
     * @param requests handles what is asked
     * @param filters asked of each message
     * @param attachments asked whether a user may send some
     * @param outages told when the log is out
     */
    public Visitors(
            DeliveryNode node,
            Requests requests,
            PublicationFilters filters,
            AttachmentCheck attachments,
            Outages outages,
            Loops loops) {
        this.node = node;
        this.requests = requests;
        this.filters = filters;
        this.attachments = attachments;
        this.outages = outages;
        this.loops = loops;
        this.known = new KnownUsers(node.log(), outages);
    }

    /**
     * Asks for something.
     *
     * @param as whose request it is, and which device is said to ask
     * @param format the encoding of the answer
     * @param listBytes the most bytes that the conversations of the answer may have in that encoding
     * @return the answer, which may be an error; fails with an {@link UnavailableException}, and not before a time-out of the caller if no answer comes
     */
    public CompletableFuture<Answered> ask(DeviceId as, Request request, WireFormat format, int listBytes) {
        CompletableFuture<Answered> answer = new CompletableFuture<>();
        onLoop(as, answer, visitor -> visitor.ask(new Call(request, format, listBytes, answer)));
        return answer;
    }

    /**
     * Sends a message, a change of one, what was read, or that the user types.
     *
     * @param as whose message it is, and which device is said to send it
     * @param topic {@code chat/{conversation}/msg}, {@code …/receipt} or {@code …/typing}
     * @param payload as on MQTT
     * @return done when the log has a message, or the node the rest; fails with a {@link RefusedException} or an {@link UnavailableException}
     */
    public CompletableFuture<Sent> send(DeviceId as, String topic, byte[] payload, WireFormat format) {
        CompletableFuture<Sent> sent = new CompletableFuture<>();
        onLoop(as, sent, visitor -> visitor.send(topic, payload, format, sent));
        return sent;
    }

    private void onLoop(DeviceId as, CompletableFuture<?> outcome, Consumer<Visitor> task) {
        Loop loop = loops.of(as.user());
        boolean runs = loop.execute(() -> {
            try {
                task.accept(here.computeIfAbsent(as, device -> come(device, loop)));
            } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        });
        if (!runs) {
            outcome.completeExceptionally(new UnavailableException("the server stops"));
        }
    }

    private Visitor come(DeviceId device, Loop loop) {
        known.calls(device.user());
        Visitor visitor = new Visitor(device, node, requests, filters, attachments, outages, loop);
        loop.schedule(() -> leave(visitor, loop), IDLE_MILLIS);
        return visitor;
    }

    private void leave(Visitor visitor, Loop loop) {
        if (visitor.isIdle(TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS))) {
            here.remove(visitor.device(), visitor);
            visitor.end();
        } else {
            loop.schedule(() -> leave(visitor, loop), IDLE_MILLIS);
        }
    }
}
