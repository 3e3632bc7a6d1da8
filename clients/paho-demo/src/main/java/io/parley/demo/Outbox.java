package io.parley.demo;

import io.parley.protocol.wire.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the user has said and the platform has not acknowledged yet. It is sent in its order, and again on the next connection, with the same
 * ids: so it is one message however often it is sent. Thread-safe.
 */
public final class Outbox {
    private static final int IN_FLIGHT = 16;
    /** Reason codes of MQTT 5 that say to send it again (no reason given, implementation specific, quota exceeded), and such statuses of HTTP. */
    private static final Set<Integer> SEND_AGAIN = Set.of(0x80, 0x83, 0x97, 429, 503);

    /** Publishes; done with the PUBACK, failed with a {@link DeviceException}. */
    public interface Wire {
        CompletableFuture<Void> send(String to, Publication publication);
    }

    private static final class Item {
        final String to;
        final Publication publication;
        boolean inFlight;

        Item(String to, Publication publication) {
            this.to = to;
            this.publication = publication;
        }
    }

    private final Wire wire;
    private final Consumer<String> refused;
    private final List<Item> waiting = new ArrayList<>();
    private boolean online;

    /** @param refused told in words what the platform refused for good */
    public Outbox(Wire wire, Consumer<String> refused) {
        this.wire = wire;
        this.refused = refused;
    }

    /** Sends it as soon as that can be; without an id it gets one. */
    public synchronized void say(String to, Publication.Builder publication) {
        if (publication.getId().isEmpty()) {
            publication.setId(UUID.randomUUID().toString());
        }
        waiting.add(new Item(to, publication.build()));
        send();
    }

    /** There is a new connection. What was sent on the one before is sent again. */
    public synchronized void connected() {
        online = true;
        waiting.forEach(item -> item.inFlight = false);
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
                CompletableFuture<Void> unused =
                        wire.send(item.to, item.publication).whenComplete((done, failure) -> answered(item, failure));
            }
        }
    }

    private void answered(Item item, @Nullable Throwable failure) {
        if (failure == null) {
            acknowledged(item);
            return;
        }
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        int code = cause instanceof DeviceException answer ? answer.code() : 0;
        if (code == 0 || SEND_AGAIN.contains(code)) {
            again(item);
        } else {
            drop(item);
            refused.accept(String.valueOf(cause == null ? "" : cause.getMessage()));
        }
    }

    private synchronized void acknowledged(Item item) {
        waiting.remove(item);
        send();
    }

    private synchronized void again(Item item) {
        // Not at once: whoever asks for patience gets it.
        item.inFlight = false;
    }

    private synchronized void drop(Item item) {
        waiting.remove(item);
    }
}
