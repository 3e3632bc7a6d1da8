package io.parley.plugins.running;

import io.parley.plugin.EventSubscriber;
import io.parley.plugin.SubscriptionTerms;

/**
 * A subscription of a plugin.
 *
 * @param name within the plugin
 * @param subscriber the plugin's code
 * @param terms how it is served
 */
public record Subscription(String name, EventSubscriber subscriber, SubscriptionTerms terms) {}
