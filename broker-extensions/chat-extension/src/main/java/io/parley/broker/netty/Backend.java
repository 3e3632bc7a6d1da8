package io.parley.broker.netty;

import io.parley.broker.metrics.BrokerMetrics;
import io.parley.broker.request.Requests;
import io.parley.delivery.DeliveryNode;

/**
 * What all connections of a node share.
 *
 * @param node where they get their events from
 * @param requests takes their requests
 * @param metrics counts what they publish
 */
public record Backend(DeliveryNode node, Requests requests, BrokerMetrics metrics) {}
