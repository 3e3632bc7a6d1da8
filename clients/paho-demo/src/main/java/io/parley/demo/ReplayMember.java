package io.parley.demo;

import io.parley.audit.Delivered;
import io.parley.audit.Entry;
import io.parley.audit.Fingerprint;
import io.parley.protocol.DeviceId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.ReadReceipt;
import io.parley.protocol.wire.Receipts;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** One speaker of a replayed log, with one device. A lost connection is made again, and what it carried is sent again. */
final class ReplayMember implements Device.Listener, AutoCloseable {
    private static final Duration ECHO_PATIENCE = Duration.ofSeconds(60);
    private static final Duration RESEND_AFTER = Duration.ofSeconds(5);
    /** One in so many messages makes its receiver say what was read. */
    private static final int READ_EVERY = 10;
    /** How far a receipt that comes late lies behind. */
    private static final int LATE_BY = 5;

    /** Said by a member and not yet echoed. */
    private record Pending(Publication message, CompletableFuture<Void> echo) {
        String id() {
            return message.getId();
        }
    }

    /**
     * What a member does besides speaking.
     *
     * @param isAway is offline during the middle third
     * @param wantsReceipts is told how far everybody has come
     */
    record Role(boolean isAway, boolean wantsReceipts) {}

    private final ReplayBook book;
    private final Device device;
    private final String topic;
    private final String receiptTopic;
    private final Role role;
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger highest = new AtomicInteger();
    private volatile boolean online;
    private volatile Pending pending;

    /**
     * @param number a member with an even one speaks MQTT 3.1.1, the others MQTT 5
     * @param role what this member does besides speaking
     */
    ReplayMember(DemoTarget target, DeviceId id, ReplayBook book, int number, Role role) throws DeviceException {
        this.book = book;
        this.role = role;
        this.topic = "chat/" + book.conversation() + "/msg";
        this.receiptTopic = "chat/" + book.conversation() + "/receipt";
        CompletableFuture<Void> nothing = CompletableFuture.completedFuture(null);
        this.pending = new Pending(Publication.getDefaultInstance(), nothing);
        this.device = number % 2 == 0 ? Device.v3(target, id, this) : Device.v5(target, id, this);
    }

    DeviceId id() {
        return device.id();
    }

    /** Whether this member is offline during the middle third. */
    boolean isAway() {
        return role.isAway();
    }

    /** How many different entries have come, if none came twice. */
    int received() {
        return received.get();
    }

    void goOnline() throws DeviceException {
        device.connect(false);
        if (role.wantsReceipts()) {
            device.subscribe(topic, receiptTopic);
        } else {
            device.subscribe(topic);
        }
        online = true;
    }

    void goOffline() {
        online = false;
        device.disconnect();
    }

    /** Publishes the line as soon as this member's line before has come back. */
    void say(int line, String text) throws DeviceException {
        awaitEcho();
        String id = book.messageId(line);
        Publication message = Publication.newBuilder().setId(id).setText(text).build();
        pending = new Pending(message, new CompletableFuture<>());
        book.sending(line, id().user(), text);
        recover();
    }

    /** Waits until the last thing said has come back; sends it again when it takes too long. */
    void awaitEcho() throws DeviceException {
        Pending last = pending;
        long deadlineNanos = System.nanoTime() + ECHO_PATIENCE.toNanos();
        while (true) {
            try {
                last.echo().get(RESEND_AFTER.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                if (System.nanoTime() > deadlineNanos) {
                    throw new DeviceException(
                            id() + " got no echo of " + last.id() + " within " + ECHO_PATIENCE.toSeconds() + " s", e);
                }
                recover();
            } catch (ExecutionException e) {
                throw new IllegalStateException("nobody fails an echo", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DeviceException("interrupted", e);
            }
        }
    }

    /** Connects again if the connection was lost, and sends the pending message, perhaps again. */
    void recover() {
        try {
            if (!online) {
                goOnline();
            }
            if (!pending.echo().isDone()) {
                publishPending();
            }
        } catch (DeviceException stillUnreachable) {
            // The next round tries again, until somebody's patience ends.
        }
    }

    boolean isOnline() {
        return online;
    }

    private void publishPending() {
        Pending message = pending;
        CompletableFuture<Void> unused = device.publish(topic, WireFormat.JSON.encode(message.message()))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        book.acknowledged(message.id());
                    }
                });
    }

    /** Says that everything that has come was read. */
    void readEverything() {
        if (highest.get() > 0) {
            read(highest.get());
        }
    }

    private void read(int seq) {
        book.reading(id(), seq);
        ReadReceipt receipt = ReadReceipt.newBuilder().setRead(seq).build();
        // The last one is said until it has arrived, and that covers all before.
        CompletableFuture<Void> unused = device.publish(receiptTopic, WireFormat.JSON.encode(receipt));
    }

    @Override
    public void received(int connection, String topicOfIt, byte[] payload) {
        long nowNanos = System.nanoTime();
        try {
            if (topicOfIt.equals(receiptTopic)) {
                Receipts.Builder receipts = Receipts.newBuilder();
                WireFormat.JSON.decode(payload, receipts);
                receipts.getReceiptsList().forEach(receipt -> book.told(id(), receipt));
            } else {
                ChatEvent.Builder event = ChatEvent.newBuilder();
                WireFormat.JSON.decode(payload, event);
                received(connection, event.build(), payload, nowNanos);
            }
        } catch (MalformedPayload e) {
            book.unreadable(id() + ": " + e.getMessage());
        }
    }

    private void received(int connection, ChatEvent event, byte[] payload, long nowNanos) {
        long body = event.hasText() ? Fingerprint.of(event.getText()) : 0;
        Entry entry = new Entry(event.getSeq(), event.getId(), event.getFrom(), body, Fingerprint.of(payload));
        book.delivered(new Delivered(id().toString(), id().user().value(), connection, entry), role.isAway(), nowNanos);
        received.incrementAndGet();
        highest.accumulateAndGet(event.getSeq(), Math::max);
        Pending mine = pending;
        if (mine.id().equals(event.getId())) {
            mine.echo().complete(null);
        }
        readNowAndThen(event.getSeq());
    }

    /** Now and then what has just come, and now and then too late. */
    private void readNowAndThen(int seq) {
        if (ThreadLocalRandom.current().nextInt(READ_EVERY) == 0) {
            read(seq);
        } else if (seq > LATE_BY && ThreadLocalRandom.current().nextInt(READ_EVERY) == 0) {
            read(seq - LATE_BY);
        }
    }

    @Override
    public void lost(String reason) {
        online = false;
        book.lostConnection();
    }

    @Override
    public void close() {
        device.close();
    }
}
