package io.parley.plugins.hosting;

import java.util.List;
import java.util.Map;

/**
 * A jar in the folder, as operators see it.
 *
 * @param file the jar's name
 * @param id the plugin's; empty when the jar is no plugin
 * @param version of the plugin
 * @param state whether it runs
 * @param reason why it does not; empty when there is nothing to say
 * @param filter whether it filters messages
 * @param authenticator whether it knows tokens
 * @param pushes names of the push systems that it serves
 * @param subscriptions that it has
 * @param figures what was counted since this process started, by name
 */
public record PluginStatus(
        String file,
        String id,
        String version,
        State state,
        String reason,
        boolean filter,
        boolean authenticator,
        List<String> pushes,
        List<SubscriptionStatus> subscriptions,
        Map<String, Long> figures) {

    /** Whether a plugin runs. */
    public enum State {
        RUNNING,
        /** By an operator's command. */
        DISABLED,
        /** It was switched off, or does not start. */
        FAILED
    }

    /**
     * A subscription of a plugin.
     *
     * @param name within the plugin
     * @param reading whether it has its position
     * @param lagMillis how old the oldest event is that it was not told of yet
     */
    public record SubscriptionStatus(String name, boolean reading, long lagMillis) {}
}
