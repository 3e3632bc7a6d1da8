package io.parley.client;

import io.parley.protocol.wire.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What the user has said and the platform has not acknowledged yet. It is sent in its order, and again on the next connection, with the same
 * ids: so it is one message however often it is sent. Thread-safe.
 */
public final class Outbox {
    private static final int IN_FLIGHT = 16;
    /** Reason codes of MQTT 5 that say to send it again (no reason given, implementation specific, quota exceeded), and such statuses of HTTP. */
    private static final Set<Integer> SEND_AGAIN = Set.of(0x80, 0x83, 0x97, 429, 503);

    /** Publishes; done with the PUBACK, failed with a {@link ParleyException}. */
    public interface Wire {
        CompletableFuture<Void> send(String to, Publication publication);
    }

    /** Is told what became of what was said. */
    public interface Listener {
        /** The log has it. */
        default void accepted(Unsent sent) {}

        /** The platform will never accept it. */
        void refused(Unsent unsent, ParleyException why);
    }

    private static final class Item {
        final Unsent unsent;
        boolean inFlight;

        Item(Unsent unsent) {
            this.unsent = unsent;
        }
    }

    private final Wire wire;
    private final Listener listener;
    private final List<Item> waiting = new ArrayList<>();
    private boolean online;

    public Outbox(Wire wire, Listener listener) {
        this.wire = wire;
        this.listener = listener;
    }

    /** Sends it as soon as that can be; without an id it gets one. */
    public void say(String to, Publication.Builder publication) {
        if (publication.getId().isEmpty()) {
            publication.setId(UUID.randomUUID().toString());
        }
        say(new Unsent(to, publication.build()));
    }

    /** Sends it as soon as that can be. */
    public synchronized void say(Unsent unsent) {
        waiting.add(new Item(unsent));
        send();
    }

    /** There is a new connection. What was sent on the one before is sent again. */
    public synchronized void connected() {
        waiting.forEach(item -> item.inFlight = false);
        resumed();
    }

    /** There is a new connection. What was sent on the one before is sent again by the wire itself. */
    public synchronized void resumed() {
        online = true;
        send();
    }

    public synchronized void lost() {
        online = false;
    }

    /** How much is not acknowledged. */
    public synchronized int size() {
        return waiting.size();
    }

    /** Sends what is not on its way, and may be. */
    public synchronized void send() {
        long inFlight = waiting.stream().filter(item -> item.inFlight).count();
        for (Item item : List.copyOf(waiting)) {
            if (!online || inFlight >= IN_FLIGHT) {
                return;
            }
            if (!item.inFlight) {
                item.inFlight = true;
                inFlight++;
                CompletableFuture<Void> unused = wire.send(item.unsent.to(), item.unsent.publication())
                        .whenComplete((done, failure) -> answered(item, failure));
            }
        }
    }

    private void answered(Item item, @Nullable Throwable failure) {
        if (failure == null) {
            if (take(item)) {
                listener.accepted(item.unsent);
            }
            send();
            return;
        }
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof ParleyException refusal && refusal.code() != 0 && !SEND_AGAIN.contains(refusal.code())) {
            if (take(item)) {
                listener.refused(item.unsent, refusal);
            }
        } else {
            again(item);
        }
    }

    /** False if it was answered before, on another connection. */
    private synchronized boolean take(Item item) {
        return waiting.remove(item);
    }

    private synchronized void again(Item item) {
        // Not at once: whoever asks for patience gets it.
        item.inFlight = false;
    }
}
