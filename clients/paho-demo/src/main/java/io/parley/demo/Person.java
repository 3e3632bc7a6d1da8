package io.parley.demo;

import com.google.protobuf.Message;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Presences;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.ReadReceipt;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.Typing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Somebody with one device: says things, asks for things, and remembers what the device received. */
final class Person implements Device.Listener, AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Reason code of MQTT 5. */
    private static final int NOT_AUTHORIZED = 0x87;

    /** What came on a conversation's {@code msg} topic. */
    record Heard(ConversationId conversation, ChatEvent event) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Heard> heard = new ArrayList<>();
    private final List<Reply> replies = new ArrayList<>();
    private final Signals signals = new Signals();
    private final Device device;
    private final Set<String> followed = ConcurrentHashMap.newKeySet();
    private boolean lost;

    Person(DemoTarget target, DeviceId id, Device.Maker maker) throws DeviceException {
        this.device = maker.make(target, id, this);
    }

    String name() {
        return device.id().user().value();
    }

    DeviceId id() {
        return device.id();
    }

    /** Connects for everything that comes of the user's conversations, and of those that were followed before. */
    void connect(boolean cleanStart) throws DeviceException {
        device.connect(cleanStart);
        device.subscribe("user/" + name() + "/reply", "chat/+/#");
        for (String conversation : List.copyOf(followed)) {
            try {
                follow(conversation);
            } catch (DeviceException e) {
                if (e.code() != NOT_AUTHORIZED) {
                    throw e;
                }
                // Removed from it meanwhile.
                followed.remove(conversation);
            }
        }
    }

    /** Connects for requests and their answers; no conversation's messages come. */
    void connectForAnswers() throws DeviceException {
        device.connectOnce();
        device.subscribe("user/" + name() + "/reply");
    }

    void disconnect() {
        device.disconnect();
    }

    /** Waits until everything of one conversation comes, also if it is new; throws when that is refused. */
    void follow(String conversation) throws DeviceException {
        device.subscribe("chat/" + conversation + "/#");
        followed.add(conversation);
    }

    /** Publishes a text and waits for its PUBACK; returns the message's id. {@code to} is a conversation or {@code @user}. */
    String say(String to, String text) throws DeviceException {
        String id = UUID.randomUUID().toString();
        sayAgain(to, id, text);
        return id;
    }

    void sayAgain(String to, String id, String text) throws DeviceException {
        publish(to, Publication.newBuilder().setId(id).setText(text));
    }

    /** Publishes whatever it is, and waits for its PUBACK; without an id it gets one. */
    void publish(String to, Publication.Builder publication) throws DeviceException {
        if (publication.getId().isEmpty()) {
            publication.setId(UUID.randomUUID().toString());
        }
        get(send(to, publication.build()), "the PUBACK of " + name());
    }

    /** Publishes it, and does not wait; done with the PUBACK, failed with a {@link DeviceException}. */
    CompletableFuture<Void> send(String to, Publication publication) {
        return device.publish("chat/" + to + "/msg", WireFormat.JSON.encode(publication));
    }

    /** Says that everything up to {@code seq} was read; done with the PUBACK. */
    CompletableFuture<Void> read(ConversationId conversation, int seq) {
        ReadReceipt receipt = ReadReceipt.newBuilder().setRead(seq).build();
        return device.publish("chat/" + conversation + "/receipt", WireFormat.JSON.encode(receipt));
    }

    /** Says that the user types, or stopped. */
    void type(ConversationId conversation, boolean typing) {
        Typing told = Typing.newBuilder().setTyping(typing).build();
        device.tell("chat/" + conversation + "/typing", WireFormat.JSON.encode(told));
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

    /** Waits until what this device was told outside of the messages is so. */
    void sees(String what, Duration patience, Predicate<Signals> condition) throws DeviceException {
        await(what, patience, () -> condition.test(signals) ? Optional.of(what) : Optional.empty());
    }

    /** Waits until the connection has been ended by the other side. */
    void isCut() throws DeviceException {
        await("the end of " + device.id(), PATIENCE, () -> lost ? Optional.of(lost) : Optional.empty());
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
            if (cause instanceof DeviceException refused) {
                throw new DeviceException(String.valueOf(refused.getMessage()), refused.code());
            }
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
                reply(decoded(payload, Reply.newBuilder()).build());
            } else if (levels.length == 3) {
                chat(ConversationId.parse(levels[1]), levels[2], payload);
            }
        } catch (MalformedPayload | IllegalArgumentException e) {
            throw new IllegalStateException("something unreadable came on " + topic, e);
        }
    }

    private void reply(Reply reply) {
        remember(() -> replies.add(reply));
    }

    private void chat(ConversationId conversation, String feed, byte[] payload) throws MalformedPayload {
        switch (feed) {
            case "msg" -> {
                ChatEvent event = decoded(payload, ChatEvent.newBuilder()).build();
                remember(() -> heard.add(new Heard(conversation, event)));
            }
            case "receipt" -> {
                Receipts receipts = decoded(payload, Receipts.newBuilder()).build();
                remember(() -> signals.take(conversation, receipts));
            }
            case "presence" -> {
                Presences presences = decoded(payload, Presences.newBuilder()).build();
                remember(() -> signals.take(conversation, presences));
            }
            case "typing" -> {
                Typing typing = decoded(payload, Typing.newBuilder()).build();
                remember(() -> signals.take(conversation, typing));
            }
            default -> {}
        }
    }

    private static <B extends Message.Builder> B decoded(byte[] payload, B into) throws MalformedPayload {
        WireFormat.JSON.decode(payload, into);
        return into;
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
        remember(() -> lost = true);
    }

    @Override
    public void close() {
        device.close();
    }
}
