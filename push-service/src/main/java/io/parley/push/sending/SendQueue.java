package io.parley.push.sending;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries that wait for their turn. Of one token and conversation one is under way at most, and one waits at most: a newer one takes the place of the one
 * that waits. What has to wait for a time wakes up then; the rest goes in the order in which it came.
 */
final class SendQueue {
    private final Map<Delivery.Key, Place> places = new HashMap<>();
    private final Deque<Place> ready = new ArrayDeque<>();
    private final PriorityQueue<Place> resting =
            new PriorityQueue<>(Comparator.comparingLong(place -> place.wakesMillis));

    /** Of one key: in {@link #ready}, in {@link #resting}, or with one under way; only the last may be without a delivery that waits. */
    private static final class Place {
        private @Nullable Delivery waiting;
        private long wakesMillis;
        private boolean underWay;
    }

    /** Lets a delivery wait. Returns the older one of the same key whose place it takes. */
    @Nullable
    Delivery add(Delivery delivery) {
        Place place = places.get(delivery.key());
        if (place == null) {
            place = new Place();
            places.put(delivery.key(), place);
            ready.add(place);
        }
        Delivery replaced = place.waiting;
        place.waiting = delivery;
        return replaced;
    }

    /** The next delivery that may go now, which stays here. */
    @Nullable
    Delivery peek(long nowMillis) {
        while (!resting.isEmpty() && resting.element().wakesMillis <= nowMillis) {
            ready.add(resting.remove());
        }
        Place next = ready.peek();
        return next == null ? null : next.waiting;
    }

    /** Takes out the delivery that {@link #peek} has told. No other of its key goes before {@link #ended} or {@link #rest}. */
    void take() {
        Place place = ready.remove();
        place.waiting = null;
        place.underWay = true;
    }

    /** Nothing of this key is under way any more: the next may go. */
    void ended(Delivery delivery) {
        Place place = places.get(delivery.key());
        if (place == null || !place.underWay) {
            return;
        }
        place.underWay = false;
        if (place.waiting == null) {
            places.remove(delivery.key());
        } else {
            ready.add(place);
        }
    }

    /**
     * What was under way has to go again, not before a time. If a newer one of its key waits, that one goes then instead.
     *
     * @return false if a newer one goes instead: then this one has ended
     */
    boolean rest(Delivery delivery, long wakesMillis) {
        Place place = places.get(delivery.key());
        if (place == null || !place.underWay) {
            return false;
        }
        place.underWay = false;
        place.wakesMillis = wakesMillis;
        resting.add(place);
        if (place.waiting != null) {
            return false;
        }
        place.waiting = delivery;
        return true;
    }

    /** Takes out everything that waits and is meant; what is under way stays. */
    void remove(Predicate<Delivery> meant, Consumer<Delivery> removed) {
        places.values().removeIf(place -> {
            Delivery waiting = place.waiting;
            if (waiting == null || !meant.test(waiting)) {
                return false;
            }
            removed.accept(waiting);
            place.waiting = null;
            return !place.underWay;
        });
        ready.removeIf(place -> place.waiting == null);
        resting.removeIf(place -> place.waiting == null);
    }
}
