package io.parley.demo;

import io.parley.audit.Delivered;
import io.parley.audit.Entry;
import io.parley.audit.Goodbye;
import io.parley.protocol.DeviceId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Delete;
import io.parley.protocol.wire.Edit;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.React;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** One speaker of a replayed log, with one device. A lost connection is made again, and what it carried is sent again. */
final class ReplayMember implements Device.Listener, AutoCloseable {
    private static final Duration ECHO_PATIENCE = Duration.ofSeconds(60);
    private static final Duration RESEND_AFTER = Duration.ofSeconds(5);
    /** As far back as a reaction or a second thought goes: the server takes a few thousand entries. */
    private static final int MOST_BEHIND = 2000;

    private static final List<String> EMOJI = List.of("👍", "❤️", "😂", "🎉");

    /** Said by a member, in this order, and not yet all echoed. */
    private record Pending(Map<String, Publication> missing, CompletableFuture<Void> echo) {
        static Pending of(List<Publication> messages) {
            Map<String, Publication> missing = new LinkedHashMap<>();
            messages.forEach(message -> missing.put(message.getId(), message));
            return new Pending(missing, new CompletableFuture<>());
        }

        synchronized List<Publication> messages() {
            return List.copyOf(missing.values());
        }

        synchronized void echoed(String id) {
            if (missing.remove(id) != null && missing.isEmpty()) {
                echo.complete(null);
            }
        }
    }

    /** A line in the sequence. */
    private record Line(int number, int seq, String text) {}

    /**
     * What a member does besides speaking.
     *
     * @param isAway is offline during the middle third
     * @param isCurious is told how far everybody has come, who is there and who types
     */
    record Role(boolean isAway, boolean isCurious) {}

    private static final Line NO_LINE = new Line(-1, 0, "");
    private static final Goodbye NO_GOODBYE = new Goodbye("", 0, 0);

    private final ReplayBook book;
    private final Device device;
    private final String topic;
    private final Role role;
    private final ReplaySignals signals;
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean online;
    private volatile Pending pending;
    private volatile Line ownLast = NO_LINE;
    private volatile Line foreignLast = NO_LINE;
    private volatile Goodbye received = NO_GOODBYE;
    private volatile Goodbye acknowledged = NO_GOODBYE;
    private Goodbye left = NO_GOODBYE;
    private int lostWhenLeft;
    private int lastThought = -1;
    private int lastReaction;

    /**
     * @param maker of the member's device
     * @param role what this member does besides speaking
     */
    ReplayMember(DemoTarget target, DeviceId id, ReplayBook book, Device.Maker maker, Role role)
            throws DeviceException {
        this.book = book;
        this.role = role;
        this.topic = "chat/" + book.conversation() + "/msg";
        this.signals = new ReplaySignals(book, id, role.isCurious());
        this.pending = new Pending(new LinkedHashMap<>(), CompletableFuture.completedFuture(null));
        this.device = maker.make(target, id, this);
    }

    DeviceId id() {
        return device.id();
    }

    /** Whether this member is told what the others do. */
    boolean isCurious() {
        return role.isCurious();
    }

    /** Whether this member is offline during the middle third. */
    boolean isAway() {
        return role.isAway();
    }

    /** How many different entries have come, if none came twice. */
    int received() {
        return count.get();
    }

    void goOnline() throws DeviceException {
        // A node that has died may have lost the acknowledgements of its last second.
        if (left.acknowledged() > 0 && book.lostConnections() == lostWhenLeft) {
            book.goodbye(left);
        }
        left = NO_GOODBYE;
        device.connect(false);
        if (role.isCurious()) {
            book.company().watches(id());
        }
        device.subscribe(signals.filters());
        book.company().isHere(id().user(), true);
        online = true;
    }

    void goOffline() {
        // What is acknowledged from here on may not be said before the goodbye.
        left = online ? acknowledged : NO_GOODBYE;
        lostWhenLeft = book.lostConnections();
        online = false;
        // Until it is gone more can come and be acknowledged, so the cut is told first: the earliest counts.
        book.cut(id(), acknowledged.connection());
        device.disconnect();
        book.company().watchesNoMore(id());
        book.company().isHere(id().user(), false);
    }

    /** Publishes the line as soon as this member's line before has come back, and perhaps before it what became of lines before. */
    void say(int line, String text) throws DeviceException {
        awaitEcho();
        List<Publication> messages = new ArrayList<>();
        secondThought().ifPresent(messages::add);
        if (ReplayChanges.isAfterReaction(line)) {
            reaction().ifPresent(messages::add);
        }
        messages.forEach(change -> book.changing(change.getId(), id().user()));
        messages.add(Publication.newBuilder()
                .setId(book.changes().messageId(line))
                .setText(text)
                .build());
        pending = Pending.of(messages);
        signals.type(device);
        book.sending(line, id().user(), text);
        recover();
    }

    /** Some lines are edited or deleted when their speaker speaks again. */
    private Optional<Publication> secondThought() {
        Line mine = ownLast;
        // After a reconnect a line can come once more.
        if (mine.number() <= lastThought || book.head() - mine.seq() > MOST_BEHIND) {
            return Optional.empty();
        }
        lastThought = mine.number();
        if (ReplayChanges.isDeletable(mine.number())) {
            return Optional.of(Publication.newBuilder()
                    .setId(book.changes().delete(mine.seq()))
                    .setDelete(Delete.newBuilder().setSeq(mine.seq()))
                    .build());
        }
        if (ReplayChanges.isEditable(mine.number())) {
            String better = mine.text() + " (edited)";
            return Optional.of(Publication.newBuilder()
                    .setId(book.changes().edit(mine.seq(), better))
                    .setEdit(Edit.newBuilder().setSeq(mine.seq()).setText(better))
                    .build());
        }
        return Optional.empty();
    }

    private Optional<Publication> reaction() {
        Line last = foreignLast;
        if (last.seq() <= lastReaction || book.head() - last.seq() > MOST_BEHIND) {
            return Optional.empty();
        }
        lastReaction = last.seq();
        String emoji = EMOJI.get(last.seq() % EMOJI.size());
        return Optional.of(Publication.newBuilder()
                .setId(book.changes().react(last.seq(), emoji))
                .setReact(React.newBuilder().setSeq(last.seq()).setEmoji(emoji))
                .build());
    }

    /** Waits until everything said has come back; sends it again when it takes too long. */
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
                            id() + " got no echo of "
                                    + last.messages().stream()
                                            .map(Publication::getId)
                                            .toList() + " within " + ECHO_PATIENCE.toSeconds() + " s",
                            e);
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
            pending.messages().forEach(this::publish);
        } catch (DeviceException stillUnreachable) {
            // The next round tries again, until somebody's patience ends.
        }
    }

    boolean isOnline() {
        return online;
    }

    private void publish(Publication message) {
        CompletableFuture<Void> unused = device.publish(topic, WireFormat.JSON.encode(message))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        book.acknowledged(message.getId());
                    }
                });
    }

    /** Says that everything that has come was read. */
    void readEverything() {
        signals.readEverything(device);
    }

    @Override
    public void received(int connection, String topicOfIt, byte[] payload) {
        long nowNanos = System.nanoTime();
        try {
            if (!signals.take(topicOfIt, payload)) {
                ChatEvent.Builder event = ChatEvent.newBuilder();
                WireFormat.JSON.decode(payload, event);
                received(connection, event.build(), payload, nowNanos);
            }
        } catch (MalformedPayload e) {
            book.unreadable(id() + ": " + e.getMessage());
        }
    }

    private void received(int connection, ChatEvent event, byte[] payload, long nowNanos) {
        Entry entry = book.changes().received(event, payload);
        book.delivered(new Delivered(id().toString(), id().user().value(), connection, entry), role.isAway(), nowNanos);
        count.incrementAndGet();
        received = new Goodbye(id().toString(), connection, event.getSeq());
        if (event.hasText()) {
            remember(new Line(book.changes().line(event.getId()), event.getSeq(), event.getText()), event.getFrom());
        }
        pending.echoed(event.getId());
        signals.received(device, event.getSeq());
    }

    private void remember(Line line, String from) {
        if (from.equals(id().user().value())) {
            ownLast = line;
        } else if (!ReplayChanges.isDeletable(line.number())) {
            foreignLast = line;
        }
    }

    @Override
    public void acknowledged(int connection) {
        Goodbye now = received;
        // What else comes, such as receipts, is no entry.
        if (!now.equals(acknowledged)) {
            acknowledged = now;
            book.acknowledged(id(), connection, now.acknowledged());
        }
    }

    @Override
    public void lost(String reason) {
        online = false;
        book.cut(id(), acknowledged.connection());
        book.lostConnection();
    }

    @Override
    public void close() {
        device.close();
    }
}
