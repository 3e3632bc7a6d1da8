package io.parley.bench.measure;

import io.parley.audit.Entry;
import io.parley.audit.Fingerprint;
import io.parley.demo.DeviceException;
import io.parley.demo.HistoryClient;
import io.parley.protocol.ConversationId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What history shows, for the audit. */
public final class StoredHistory {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HistoryClient client;
    private final WireFormat encoding;

    /**
     * As one user sees it.
     *
     * @param encoding in which the devices receive it
     */
    public StoredHistory(HistoryClient client, WireFormat encoding) {
        this.client = client;
        this.encoding = encoding;
    }

    /**
     * A whole conversation; waits while it is out of reach or, as it lags behind, has less than expected, for half a minute at most.
     *
     * @throws DeviceException when it stays out of reach
     */
    public List<Entry> entries(ConversationId conversation, int expected) throws DeviceException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            boolean last = System.nanoTime() >= deadlineNanos;
            try {
                List<ChatEvent> history = client.all(conversation);
                if (last || history.size() >= expected) {
                    return history.stream().map(this::entry).toList();
                }
            } catch (DeviceException e) {
                if (last) {
                    throw e;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private Entry entry(ChatEvent event) {
        return new Entry(
                event.getSeq(),
                event.getId(),
                event.getFrom(),
                event.hasText() ? Fingerprint.of(event.getText()) : 0,
                Fingerprint.of(encoding.encode(event)));
    }
}
