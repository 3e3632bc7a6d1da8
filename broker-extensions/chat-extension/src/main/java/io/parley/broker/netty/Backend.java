package io.parley.broker.netty;

import io.parley.broker.metrics.BrokerMetrics;
import io.parley.broker.request.Requests;
import io.parley.delivery.DeliveryNode;
import java.util.function.BooleanSupplier;

/**
 * What all connections of a node share.
 *
 * @param node where they get their events from
 * @param requests takes their requests
 * @param metrics counts what they publish
 * @param logReachable whether the log answers now
 */
public record Backend(DeliveryNode node, Requests requests, BrokerMetrics metrics, BooleanSupplier logReachable) {
    /** Whether the log answers now: without it no session can be found. */
    boolean isLogReachable() {
        return logReachable.getAsBoolean();
    }
}
