package io.parley.plugins.hosting;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the plugin that uses up the memory. What a plugin keeps is not known, but what its threads allocate is: when little is free after a collection, it is
 * the one that allocated the most in the last minutes.
 */
final class MemoryWatch {
    private static final double FULL = 0.85;
    /** With one look a second, what was allocated two minutes ago counts a third. */
    private static final double KEPT = 0.99;

    private final Map<HostedPlugin, Double> recent = new HashMap<>();
    private final Map<HostedPlugin, Long> before = new HashMap<>();

    /** Looks once: the plugin to switch off, if there is no memory left. */
    Optional<HostedPlugin> greediest(Collection<HostedPlugin> plugins) {
        recent.keySet().retainAll(plugins);
        before.keySet().retainAll(plugins);
        for (HostedPlugin plugin : plugins) {
            long bytes = plugin.allocatedBytes();
            // Less than before: its threads are others.
            long more = Math.max(0, bytes - before.getOrDefault(plugin, 0L));
            before.put(plugin, bytes);
            recent.merge(plugin, (double) more, (old, added) -> old * KEPT + added);
        }
        if (!isFull()) {
            return Optional.empty();
        }
        return plugins.stream()
                .filter(HostedPlugin::isRunning)
                .max(Comparator.comparing(plugin -> recent.getOrDefault(plugin, 0.0)));
    }

    /** Whether what was live at the last collection of the old generation fills it. */
    private static boolean isFull() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.isUsageThresholdSupported())
                .map(MemoryPoolMXBean::getCollectionUsage)
                .anyMatch(MemoryWatch::isFull);
    }

    private static boolean isFull(@Nullable MemoryUsage usage) {
        return usage != null && usage.getMax() > 0 && usage.getUsed() > FULL * usage.getMax();
    }
}
