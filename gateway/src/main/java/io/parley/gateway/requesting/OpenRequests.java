package io.parley.gateway.requesting;

import io.parley.gateway.Ids;
import io.parley.protocol.wire.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection that wait for an answer from the engine. Each goes on under an id of the node's: two of a device may bear the same, or
 * none, and a made one must not be met again on a later connection. On the event loop.
 */
public final class OpenRequests {
    private static final int MAX_OPEN = 100;
    private static final long ABANDONED_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final String OWN_ID = "~";

    private final Deque<Asked> open = new ArrayDeque<>();

    /** Who waits for an answer: what the device called its request, empty if it did not, and its MQTT 5 correlation data. */
    public static final class Asked {
        private final String id;
        private final String requestId;
        private final byte @Nullable [] correlation;
        private final long sinceNanos;

        private Asked(String id, String requestId, byte @Nullable [] correlation) {
            this.id = id;
            this.requestId = requestId;
            this.correlation = correlation;
            this.sinceNanos = System.nanoTime();
        }

        /** What the node calls it. */
        public String id() {
            return id;
        }

        public String requestId() {
            return requestId;
        }

        public byte @Nullable [] correlation() {
            return correlation;
        }
    }

    /** Gives a request its id among the node's. */
    public static Asked name(Request request, byte @Nullable [] correlation) {
        String requestId = request.getRequestId();
        if (request.hasCreateGroup() && !requestId.isEmpty()) {
            // The engine knows by it that the same group is asked for again, and answers in order.
            return new Asked(requestId, requestId, correlation);
        }
        return new Asked(OWN_ID + Ids.message(), requestId, correlation);
    }

    /** Waits for the answer; false when too many do. One whose answer was lost makes room after a minute. */
    public boolean open(Asked asked) {
        if (open.size() >= MAX_OPEN) {
            if (asked.sinceNanos - open.element().sinceNanos < ABANDONED_NANOS) {
                return false;
            }
            open.remove();
        }
        return open.add(asked);
    }

    /** It is answered, or never will be. */
    public void close(Asked asked) {
        open.remove(asked);
    }

    /** The first that goes by this id is answered; null when none does. */
    public @Nullable Asked close(String id) {
        for (Iterator<Asked> each = open.iterator(); each.hasNext(); ) {
            Asked asked = each.next();
            if (asked.id.equals(id)) {
                each.remove();
                return asked;
            }
        }
        return null;
    }
}
