package io.parley.broker.netty;

import io.parley.broker.metrics.BrokerMetrics;
import io.parley.broker.topics.TopicLoad;
import io.parley.gateway.delivering.DeliveryNode;
import io.parley.gateway.publishing.AttachmentCheck;
import io.parley.gateway.publishing.PublicationFilters;
import io.parley.gateway.requesting.Outages;
import io.parley.gateway.requesting.Requests;
import io.parley.gateway.throttling.SubscribeThrottle;
import io.parley.gateway.throttling.Throttle;
import java.util.function.BooleanSupplier;

/**
 * What all connections of a node share.
 *
 * @param node where they get their events from
 * @param requests takes their requests
 * @param limits what their users may do
 * @param subscribing what they may subscribe to in a time
 * @param filters asked of each message
 * @param attachments asked whether a user may send some
 * @param topics how much there is beside the chat
 * @param outages told when the log is out
 * @param metrics counts what they publish
 * @param draining how they end when the node is stopped
 * @param logReachable whether the log answers now
 */
public record Backend(
        DeliveryNode node,
        Requests requests,
        PublicationFilters filters,
        AttachmentCheck attachments,
        Throttle limits,
        SubscribeThrottle subscribing,
        TopicLoad topics,
        Outages outages,
        BrokerMetrics metrics,
        Draining draining,
        BooleanSupplier logReachable) {
    /** Whether the log answers now: without it no session can be found. */
    boolean isLogReachable() {
        return logReachable.getAsBoolean();
    }
}
