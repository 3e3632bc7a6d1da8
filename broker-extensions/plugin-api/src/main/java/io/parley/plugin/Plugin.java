package io.parley.plugin;

/**
 * A plugin: what its jar's {@code META-INF/services/io.parley.plugin.Plugin} names. It has a public constructor without parameters. Each start makes a new one.
 *
 * <p>The jar's manifest has {@code Plugin-Id} (1-64 of a-z, 0-9 and -), {@code Plugin-Version} (such as {@code 1.0.0}) and {@code Plugin-Requires}, the
 * versions of this API that it works with (such as {@code 1.x}, or {@code >=1.1.0 & <2.0.0}).
 */
public interface Plugin {
    /** The version of this API, as in {@code Plugin-Requires}. */
    String API_VERSION = "1.1.0";

    /**
     * Registers what the plugin does. It has ten seconds.
     *
     * @throws Exception when the plugin cannot start; the message is shown to the operator
     */
    void start(PluginContext context) throws Exception;

    /** Ends what the plugin has opened itself: connections, threads, listeners. It has five seconds. */
    default void stop() throws Exception {}
}
