package io.parley.standalone;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.parley.protocol.ConversationId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Devices that take turns to send numbered messages at a steady rate, waiting for no acknowledgement; what is refused is sent again. */
final class SteadySenders implements AutoCloseable {
    private static final long AGAIN_AFTER_MILLIS = 200;

    private final List<HiveDevice> devices;
    private final ConversationId conversation;
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final Set<Mqtt5PubAckReasonCode> refusals = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> sending;

    private SteadySenders(List<HiveDevice> devices, ConversationId conversation, int perSecond) {
        this.devices = devices;
        this.conversation = conversation;
        this.sending = clock.scheduleAtFixedRate(this::next, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    }

    /**
     * Starts to send.
     *
     * @param perSecond messages of all devices together
     */
    static SteadySenders start(List<HiveDevice> devices, ConversationId conversation, int perSecond) {
        return new SteadySenders(devices, conversation, perSecond);
    }

    /** One message: its id is its text. */
    static final class Sent {
        private final String id;
        private final int device;
        private final long atNanos = System.nanoTime();
        private final AtomicLong acknowledgedNanos = new AtomicLong();
        private final AtomicInteger refusals = new AtomicInteger();

        private Sent(String id, int device) {
            this.id = id;
            this.device = device;
        }

        String id() {
            return id;
        }

        /** The number of the device that sent it. */
        int device() {
            return device;
        }

        /** When it was sent for the first time, as {@link System#nanoTime}. */
        long atNanos() {
            return atNanos;
        }

        boolean isAcknowledged() {
            return acknowledgedNanos.get() != 0;
        }

        /** Whether its PUBACK came before that time. */
        boolean isAcknowledgedBefore(long nanos) {
            return isAcknowledged() && acknowledgedNanos.get() - nanos < 0;
        }

        boolean wasRefused() {
            return refusals.get() > 0;
        }
    }

    private void next() {
        int number = sent.size();
        Sent message = new Sent("m" + number, number % devices.size());
        sent.add(message);
        send(message);
    }

    private void send(Sent message) {
        var unused = devices.get(message.device)
                .publish(conversation, message.id, message.id)
                .whenComplete((result, failure) -> {
                    if (failure == null) {
                        message.acknowledgedNanos.set(System.nanoTime());
                    } else {
                        message.refusals.incrementAndGet();
                        refused(failure);
                        sendAgain(message);
                    }
                });
    }

    private void refused(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof Mqtt5PubAckException refusal) {
            refusals.add(refusal.getMqttMessage().getReasonCode());
        }
    }

    private void sendAgain(Sent message) {
        var unused = clock.schedule(() -> send(message), AGAIN_AFTER_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** With what messages were refused so far. */
    Set<Mqtt5PubAckReasonCode> refusals() {
        return Set.copyOf(refusals);
    }

    /** What was sent so far, in its order. */
    List<Sent> sent() {
        return List.copyOf(sent);
    }

    /** No new messages; what is not acknowledged goes on. */
    void pause() {
        sending.cancel(false);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
