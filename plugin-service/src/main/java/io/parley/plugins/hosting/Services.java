package io.parley.plugins.hosting;

import io.micrometer.core.instrument.MeterRegistry;
import io.parley.plugin.ChatClient;
import io.parley.plugins.running.PluginCalls;
import io.parley.plugins.running.PluginFigures;
import io.parley.plugins.running.Subscription;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What plugins are run with.
 *
 * @param limits of each plugin's threads
 * @param failures of a filter, one after the other, after which its plugin is switched off
 * @param clients makes a client to act as a bot
 * @param subscriptions serves subscriptions
 * @param registry of metrics
 * @param restart ends this process, whose supervisor starts it anew, for a reason
 */
public record Services(
        PluginCalls.Limits limits,
        int failures,
        Function<String, ChatClient> clients,
        Subscriptions subscriptions,
        MeterRegistry registry,
        Consumer<String> restart) {

    /** Serves subscriptions. */
    @FunctionalInterface
    public interface Subscriptions {
        /** Begins to serve one; ends when it is closed. */
        Open open(String plugin, Subscription subscription, PluginCalls calls, PluginFigures figures);
    }

    /** A subscription that is served. */
    public interface Open extends AutoCloseable {
        /** Its name within the plugin. */
        String name();

        /** Whether it reads: from now on it is told of every event. */
        boolean isReading();

        /** How old the oldest event is that it was not told of yet; zero when there is none. */
        Duration lag();

        @Override
        void close();
    }
}
