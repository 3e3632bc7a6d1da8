package io.parley.plugins;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.plugins.authenticating.TokenDesk;
import io.parley.plugins.filtering.FilterChain;
import io.parley.plugins.hosting.PluginFolder;
import io.parley.plugins.hosting.PluginHost;
import io.parley.plugins.hosting.PluginStatus.State;
import io.parley.plugins.hosting.Services;
import io.parley.plugins.operating.NodeEndpoint;
import io.parley.plugins.operating.PluginRoutes;
import io.parley.plugins.pushing.PushDesk;
import io.parley.plugins.requesting.RequestDesk;
import io.parley.plugins.subscribing.EventReader;
import io.parley.protocol.KafkaClient;
import io.parley.runtime.Health;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.OperationsEndpoint;
import io.parley.runtime.ProcessMetrics;
import io.parley.runtime.ServerProcess;
import java.nio.file.Files;
import java.util.Map;

/** The plugin service's process. */
public final class PluginsMain {

    private PluginsMain() {}

    /** Runs until it is stopped from outside. */
    public static void main(String[] args) {
        ServerProcess.run("plugins", (all, lifecycle) -> {
            PluginSettings settings = PluginSettings.from(all);
            KafkaClient kafka = KafkaSettings.from(all).client();
            PrometheusMeterRegistry registry = ProcessMetrics.registry("plugins");
            Services services = new Services(
                    settings.limits(),
                    settings.failures(),
                    settings.bots()::client,
                    (plugin, subscription, calls, figures) ->
                            EventReader.start(kafka, plugin, subscription, calls, figures),
                    registry,
                    why -> ServerProcess.fail(why, new IllegalStateException(why)));
            PluginHost host = lifecycle.own(
                    "plugins",
                    new PluginHost(
                            new PluginFolder(settings.folder()),
                            Files.createTempDirectory("parley-plugins"),
                            services));
            gauge(registry, host, "running", State.RUNNING, "Plugins that run");
            gauge(registry, host, "failed", State.FAILED, "Plugins that were switched off or do not start");
            host.start();
            lifecycle.own(
                    "node endpoint",
                    NodeEndpoint.start(
                            settings.bind(),
                            settings.port(),
                            new NodeEndpoint.Asked(
                                    new FilterChain(host::filters),
                                    new RequestDesk(host),
                                    new TokenDesk(host::authenticators),
                                    new PushDesk(host))));
            lifecycle.own(
                    "operations endpoint",
                    OperationsEndpoint.start(
                            settings.bind(),
                            settings.operationsPort(),
                            registry,
                            Health::serving,
                            Map.of(PluginRoutes.PATH, new PluginRoutes(host))));
        });
    }

    private static void gauge(MeterRegistry registry, PluginHost host, String name, State state, String description) {
        Gauge.builder("parley.plugins." + name, host, plugins -> (double) plugins.count(state))
                .description(description)
                .register(registry);
    }
}
