package io.parley.plugin;

import java.time.Duration;
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
     * Has tokens that are not Parley's own authenticated by it. A plugin has one authenticator at most. Since 1.1.
     *
     * @param deadline for each token, 10 ms to 10 s
     */
    default void authenticate(Authenticator authenticator, Duration deadline) {
        throw new UnsupportedOperationException("needs version 1.1 of the API");
    }

    /**
     * Has notifications handed to a push system by it, for the tokens that apps registered with {@code "platform":"PLUGIN"} and this name. The operator has named it in
     * {@code parley.push.plugins}. Since 1.1.
     *
     * @param provider the push system's name, 1-32 of a-z, 0-9 and -
     * @param deadline for each attempt, 10 ms to 10 s
     */
    default void push(String provider, PushProvider code, Duration deadline) {
        throw new UnsupportedOperationException("needs version 1.1 of the API");
    }

    /**
     * A client to act as a bot.
     *
     * @param bot the user who acts; {@code parley.plugins.bots} says which ids plugins may use
     * @throws IllegalArgumentException when plugins may not act as that user
     */
    ChatClient client(String bot);
}
