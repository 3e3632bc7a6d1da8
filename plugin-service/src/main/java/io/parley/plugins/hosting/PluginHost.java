package io.parley.plugins.hosting;

import io.parley.plugin.PluginRequest;
import io.parley.plugin.PushNotification;
import io.parley.plugin.PushResult;
import io.parley.plugins.hosting.PluginFolder.Stamp;
import io.parley.plugins.hosting.PluginStatus.State;
import io.parley.plugins.loading.BadPluginException;
import io.parley.plugins.loading.PluginJars;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what is in the folder of plugins, and follows its changes once a second. */
public final class PluginHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);
    private static final long SCAN_MILLIS = 1000;
    private static final long CLOSE_SECONDS = 8;

    private final PluginFolder folder;
    private final PluginJars jars;
    private final Services services;
    private final ScheduledExecutorService thread = executor("plugins");
    private final ScheduledExecutorService timer = executor("plugin-deadlines");
    private final MemoryWatch memory = new MemoryWatch();
    private final AtomicBoolean ending = new AtomicBoolean();
    /** What is loaded, and what could not be; changed by the host's thread. */
    private final Map<Path, HostedPlugin> plugins = new TreeMap<>();

    private final Map<Path, Refused> refused = new TreeMap<>();
    private volatile List<HostedPlugin> shown = List.of();
    private volatile List<PluginStatus> shownRefused = List.of();
    private volatile List<ActiveFilter> filters = List.of();
    private volatile List<ActiveAuthenticator> authenticators = List.of();

    /** A jar that is no plugin. */
    private record Refused(Stamp stamp, String why) {}

    /** @param copies a directory of this process alone */
    public PluginHost(PluginFolder folder, Path copies, Services services) {
        this.folder = folder;
        this.jars = new PluginJars(copies);
        this.services = services;
    }

    private static ScheduledExecutorService executor(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts what is there, and returns when that has started. */
    public void start() throws InterruptedException, ExecutionException {
        thread.submit(this::scan).get();
        var unused = thread.scheduleWithFixedDelay(this::scan, SCAN_MILLIS, SCAN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The filters that have to be asked, in their order: by the ids of their plugins. */
    public List<ActiveFilter> filters() {
        return filters;
    }

    /** The authenticators that have to be asked, in their order: by the ids of their plugins. */
    public List<ActiveAuthenticator> authenticators() {
        return authenticators;
    }

    /** Has a plugin answer a request; empty when there is none of that id that runs and answers this kind. */
    public Optional<CompletableFuture<String>> request(String plugin, PluginRequest request) {
        return shown.stream().filter(one -> one.id().equals(plugin)).findFirst().flatMap(one -> one.request(request));
    }

    /** Has a plugin make an attempt to push: the first by its id that serves this push system; empty when none runs that does. */
    public Optional<CompletableFuture<PushResult>> push(
            String provider, PushNotification notification, Duration deadline) {
        return shown.stream()
                .sorted(Comparator.comparing(HostedPlugin::id))
                .flatMap(one -> one.push(provider, notification, deadline).stream())
                .findFirst();
    }

    /** Everything that is in the folder. */
    public List<PluginStatus> list() {
        List<PluginStatus> all = new ArrayList<>(shownRefused);
        shown.forEach(plugin -> all.add(plugin.status()));
        all.sort(Comparator.comparing(PluginStatus::file));
        return all;
    }

    /** How many are in a state. */
    public long count(State state) {
        return list().stream().filter(plugin -> plugin.state() == state).count();
    }

    /**
     * Enables or disables a plugin; returns when that is done.
     *
     * @return its status; empty when there is no such plugin
     */
    public Optional<PluginStatus> set(String id, boolean enabled) throws InterruptedException, ExecutionException {
        return thread.submit(() -> {
                    Optional<HostedPlugin> found = shown.stream()
                            .filter(plugin -> plugin.id().equals(id))
                            .findFirst();
                    if (found.isPresent()) {
                        if (enabled) {
                            folder.enable(id);
                        } else {
                            folder.disable(id);
                        }
                        scan();
                    }
                    return found.map(HostedPlugin::status);
                })
                .get();
    }

    private void scan() {
        try {
            Map<Path, Stamp> there = folder.jars();
            boolean removed = plugins.entrySet().removeIf(entry -> {
                boolean gone = !entry.getValue().stamp().equals(there.get(entry.getKey()));
                if (gone) {
                    entry.getValue().unload();
                }
                return gone;
            });
            refused.entrySet()
                    .removeIf(entry -> removed || !entry.getValue().stamp().equals(there.get(entry.getKey())));
            there.forEach(this::load);
            for (HostedPlugin plugin : plugins.values()) {
                plugin.follow(timer);
            }
            publish();
            memory.greediest(plugins.values())
                    .ifPresent(plugin -> breaks(
                            plugin,
                            "the plugin service has no memory left, and this plugin allocated most of it",
                            true));
        } catch (IOException e) {
            LOG.warn("the folder of plugins cannot be read: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("plugins cannot be followed", e);
        }
    }

    private void load(Path jar, Stamp stamp) {
        if (plugins.containsKey(jar) || refused.containsKey(jar)) {
            return;
        }
        try {
            plugins.put(jar, new HostedPlugin(jar, stamp, jars.load(jar), folder, services, this::breaks));
        } catch (BadPluginException e) {
            LOG.warn("{} is no plugin: {}", jar, e.getMessage());
            refused.put(jar, new Refused(stamp, String.valueOf(e.getMessage())));
        }
    }

    private void publish() {
        shown = List.copyOf(plugins.values());
        shownRefused = refused.entrySet().stream()
                .map(entry -> new PluginStatus(
                        String.valueOf(entry.getKey().getFileName()),
                        "",
                        "",
                        State.FAILED,
                        entry.getValue().why(),
                        false,
                        false,
                        List.of(),
                        List.of(),
                        Map.of()))
                .toList();
        filters = shown.stream()
                .flatMap(plugin -> plugin.filter().stream())
                .sorted(Comparator.comparing(ActiveFilter::plugin))
                .toList();
        authenticators = shown.stream()
                .flatMap(plugin -> plugin.authenticator().stream())
                .sorted(Comparator.comparing(ActiveAuthenticator::plugin))
                .toList();
    }

    /** Called on any thread. */
    private void breaks(HostedPlugin plugin, String why, boolean unstoppable) {
        // When the process ends, what else fails may have failed for the same reason.
        if (unstoppable ? !ending.compareAndSet(false, true) : ending.get()) {
            return;
        }
        LOG.error("plugin={} is switched off: {}", plugin.id(), why);
        thread.execute(() -> {
            try {
                if (plugin.isRunning() || unstoppable) {
                    plugin.fail(why);
                    publish();
                }
            } catch (IOException e) {
                LOG.error("plugin={}: that it is switched off cannot be noted", plugin.id(), e);
            }
            if (unstoppable) {
                services.restart().accept("plugin " + plugin.id() + " cannot be stopped");
            }
        });
    }

    @Override
    public void close() {
        thread.execute(() -> plugins.values().forEach(HostedPlugin::unload));
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("plugins did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow();
    }
}
