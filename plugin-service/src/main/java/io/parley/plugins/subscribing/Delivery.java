package io.parley.plugins.subscribing;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.parley.plugin.Event;
import io.parley.plugins.running.PluginCalls;
import io.parley.plugins.running.PluginFigures;
import io.parley.plugins.running.PluginFigures.Outcome;
import io.parley.plugins.running.Subscription;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands one event to a plugin, on the plugin's own threads and within its deadline. */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final Subscription subscription;
    private final PluginCalls calls;
    private final PluginFigures figures;

    Delivery(Subscription subscription, PluginCalls calls, PluginFigures figures) {
        this.subscription = subscription;
        this.calls = calls;
        this.figures = figures;
    }

    /** Whether the plugin took it, did not want it, or must not be told of it any more. If not, it is to be tried again. */
    boolean isTaken(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        if (record.value() == null || record.key() == null) {
            return true;
        }
        long ageMillis = System.currentTimeMillis() - record.timestamp();
        if (ageMillis > subscription.terms().longestLag().toMillis()) {
            figures.skip(1);
            return true;
        }
        long startNanos = System.nanoTime();
        try {
            boolean wanted = calls.call(
                            () -> CompletableFuture.completedFuture(handOver(record)),
                            subscription.terms().deadline())
                    .get();
            if (wanted) {
                figures.count(Outcome.HANDLED, System.nanoTime() - startNanos);
            }
            return true;
        } catch (ExecutionException e) {
            if (!calls.isClosed()) {
                figures.count(Outcome.RETRIED, System.nanoTime() - startNanos);
                LOG.debug("offset={} was not taken", record.offset(), e.getCause());
            }
            return false;
        }
    }

    private boolean handOver(ConsumerRecord<byte[], byte[]> record) throws Exception {
        String conversation = new String(record.key(), StandardCharsets.UTF_8);
        boolean wanted = subscription.subscriber().wants(conversation);
        if (wanted) {
            subscription.subscriber().onEvent(event(conversation, record.value()));
        }
        return wanted;
    }

    private static Event event(String conversation, byte[] bytes) throws InvalidProtocolBufferException {
        ChatEvent event = ChatEvent.parseFrom(bytes);
        Timestamp at = event.getAt();
        return new Event(
                conversation,
                event.getSeq(),
                event.getId(),
                event.getFrom(),
                Instant.ofEpochSecond(at.getSeconds(), at.getNanos()),
                event.hasText() ? Optional.of(event.getText()) : Optional.empty(),
                new String(WireFormat.JSON.encode(event), StandardCharsets.UTF_8));
    }
}
