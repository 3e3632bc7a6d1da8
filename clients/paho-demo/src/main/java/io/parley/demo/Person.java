package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Somebody with one device: says things, asks for things, and remembers what the device received. */
final class Person implements Device.Listener, AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What is told at once, besides being remembered. */
    interface Ear {
        void event(ConversationId conversation, ChatEvent event);

        void news(Reply news);

        void lost(String reason);
    }

    /** How a device is made: {@link Device#v3} or {@link Device#v5}. */
    interface Maker {
        Device make(DemoTarget target, DeviceId id, Device.Listener listener) throws DeviceException;
    }

    /** What came on a conversation's {@code msg} topic. */
    record Heard(ConversationId conversation, ChatEvent event) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Heard> heard = new ArrayList<>();
    private final List<Reply> replies = new ArrayList<>();
    private final Device device;
    private final Ear ear;

    Person(DemoTarget target, DeviceId id, Maker maker, Ear ear) throws DeviceException {
        this.ear = ear;
        this.device = maker.make(target, id, this);
    }

    static Ear silent() {
        return new Ear() {
            @Override
            public void event(ConversationId conversation, ChatEvent event) {}

            @Override
            public void news(Reply news) {}

            @Override
            public void lost(String reason) {}
        };
    }

    String name() {
        return device.id().user().value();
    }

    void connect(boolean cleanStart) throws DeviceException {
        device.connect(cleanStart);
        device.subscribe("user/" + name() + "/reply", "chat/+/msg");
    }

    /** Connects for requests and their answers; no conversation's messages come. */
    void connectForAnswers() throws DeviceException {
        device.connect(true);
        device.subscribe("user/" + name() + "/reply");
    }

    void disconnect() {
        device.disconnect();
    }

    /** Subscribes to one conversation's messages; throws when that is refused. */
    void follow(String conversation) throws DeviceException {
        device.subscribe("chat/" + conversation + "/msg");
    }

    /** Publishes a text and waits for its PUBACK; returns the message's id. {@code to} is a conversation or {@code @user}. */
    String say(String to, String text) throws DeviceException {
        String id = UUID.randomUUID().toString();
        sayAgain(to, id, text);
        return id;
    }

    void sayAgain(String to, String id, String text) throws DeviceException {
        Publication message = Publication.newBuilder().setId(id).setText(text).build();
        get(device.publish("chat/" + to + "/msg", WireFormat.JSON.encode(message)), "the PUBACK of " + name());
    }

    /** Sends a request and waits for its answer; throws when that is an error. */
    Reply ask(Request.Builder request) throws DeviceException {
        String requestId = UUID.randomUUID().toString();
        byte[] payload = WireFormat.JSON.encode(request.setRequestId(requestId).build());
        get(device.publish("user/" + name() + "/request", payload), "the PUBACK of " + name() + "'s request");
        Reply reply = await(
                "the answer to " + request.getRequestCase() + " of " + name(),
                PATIENCE,
                () -> replies.stream()
                        .filter(candidate -> candidate.getRequestId().equals(requestId))
                        .findFirst());
        if (reply.hasError()) {
            throw new DeviceException(request.getRequestCase() + " of " + name() + " was refused: "
                    + reply.getError().getCode() + " " + reply.getError().getMessage());
        }
        return reply;
    }

    /** Waits until the message has come to this device. */
    ChatEvent hear(ConversationId conversation, String id) throws DeviceException {
        return await(
                "message " + id + " at " + device.id(),
                PATIENCE,
                () -> heardIn(conversation).stream()
                        .filter(event -> event.getId().equals(id))
                        .findFirst());
    }

    /** What this device has received of a conversation, in the order of receipt. */
    List<ChatEvent> heardIn(ConversationId conversation) {
        lock.lock();
        try {
            return heard.stream()
                    .filter(one -> one.conversation().equals(conversation))
                    .map(Heard::event)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private <T> T await(String what, Duration patience, Supplier<Optional<T>> condition) throws DeviceException {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            Optional<T> result = condition.get();
            while (result.isEmpty()) {
                if (nanos <= 0) {
                    throw new DeviceException(what + " did not come within " + patience.toSeconds() + " s");
                }
                nanos = changed.awaitNanos(nanos);
                result = condition.get();
            }
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeviceException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    static void get(CompletableFuture<Void> future, String what) throws DeviceException {
        try {
            future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new DeviceException(what + " did not come within " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new DeviceException(String.valueOf(cause.getMessage()), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeviceException("interrupted", e);
        }
    }

    @Override
    public void received(int connection, String topic, byte[] payload) {
        String[] levels = topic.split("/", -1);
        try {
            if (levels[0].equals("user")) {
                Reply.Builder reply = Reply.newBuilder();
                WireFormat.JSON.decode(payload, reply);
                remember(() -> replies.add(reply.build()));
                if (reply.getRequestId().isEmpty()) {
                    ear.news(reply.build());
                }
            } else if (levels.length == 3 && levels[2].equals("msg")) {
                ChatEvent.Builder event = ChatEvent.newBuilder();
                WireFormat.JSON.decode(payload, event);
                ConversationId conversation = ConversationId.parse(levels[1]);
                remember(() -> heard.add(new Heard(conversation, event.build())));
                ear.event(conversation, event.build());
            }
        } catch (MalformedPayload | IllegalArgumentException e) {
            ear.lost("something unreadable came on " + topic + ": " + e.getMessage());
        }
    }

    private void remember(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void lost(String reason) {
        ear.lost(reason);
    }

    @Override
    public void close() {
        device.close();
    }
}
