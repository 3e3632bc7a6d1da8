package io.parley.plugin;

import java.util.Map;

/** What a plugin gets when it starts. Registering is possible until {@link Plugin#start} returns. */
public interface PluginContext {
    /** The plugin's id, as in its manifest. */
    String id();

    /** The plugin's settings: the properties in {@code ID.properties} beside its jar; empty when there is no such file. */
    Map<String, String> settings();

    /** Has every publication filtered by it. A plugin has one filter at most. */
    void filter(PublishFilter filter, FilterTerms terms);

    /**
     * Has it told of events.
     *
     * @param name of the subscription, 1-32 of a-z, 0-9 and -; its position in the log is kept under it
     */
    void subscribe(String name, EventSubscriber subscriber, SubscriptionTerms terms);

    /**
     * Has it answer requests of a kind: {@code {"pluginRequest":{"plugin":ID,"kind":KIND,"body":…}}}.
     *
     * @param kind 1-32 of a-z, 0-9 and -
     */
    void handle(String kind, RequestHandler handler);

    /**
     * A client to act as a bot.
     *
     * @param bot the user who acts; {@code parley.plugins.bots} says which ids plugins may use
     * @throws IllegalArgumentException when plugins may not act as that user
     */
    ChatClient client(String bot);
}
