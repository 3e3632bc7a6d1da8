package io.parley.gateway.delivering;

import java.util.concurrent.atomic.LongAdder;

/** What a node's delivery has done in its life. Read and counted on any thread. */
public final class DeliveryCounts {
    private final LongAdder deliveries = new LongAdder();
    private final LongAdder acknowledgements = new LongAdder();

    DeliveryCounts() {}

    /** Events written to devices, repeats included. */
    public long deliveries() {
        return deliveries.sum();
    }

    /** Events that devices acknowledged, or that were written to them at QoS 0. */
    public long acknowledgements() {
        return acknowledgements.sum();
    }

    void delivered() {
        deliveries.increment();
    }

    void acknowledged(int events) {
        acknowledgements.add(events);
    }
}
