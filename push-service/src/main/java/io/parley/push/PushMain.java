package io.parley.push;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.protocol.LogTopics;
import io.parley.push.log.NotificationConsumer;
import io.parley.push.log.OutcomeLog;
import io.parley.push.log.PlatformThread;
import io.parley.push.provider.PushProvider;
import io.parley.push.provider.PushProviders;
import io.parley.push.sending.Lane;
import io.parley.push.sending.LaneMetrics;
import io.parley.runtime.Health;
import io.parley.runtime.OperationsEndpoint;
import io.parley.runtime.ProcessMetrics;
import io.parley.runtime.ServerProcess;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The push service's process. */
public final class PushMain {

    private PushMain() {}

    /** Runs until it is stopped from outside. */
    public static void main(String[] args) {
        ServerProcess.run("push", (all, lifecycle) -> {
            PushSettings settings = PushSettings.from(all);
            List<PushProvider> providers = PushProviders.open(all);
            PrometheusMeterRegistry registry = ProcessMetrics.registry("push");
            OutcomeLog outcomes = lifecycle.own("outcome log", OutcomeLog.open(settings.kafka()));
            List<PlatformThread> threads = new ArrayList<>();
            for (PushProvider provider : providers) {
                PlatformThread thread = thread(provider, settings, outcomes, registry);
                threads.add(lifecycle.own(provider.platform().name(), thread));
                thread.start();
            }
            lifecycle.own(
                    "operations endpoint",
                    OperationsEndpoint.start(
                            settings.bind(), settings.operationsPort(), registry, () -> health(threads)));
        });
    }

    private static PlatformThread thread(
            PushProvider provider, PushSettings settings, OutcomeLog outcomes, MeterRegistry registry) {
        LaneMetrics metrics = new LaneMetrics(registry, provider.platform());
        String group = LogTopics.notificationReader(provider.platform());
        return new PlatformThread(
                provider,
                outcomes,
                () -> NotificationConsumer.open(settings.kafka(), group),
                endings -> new Lane(
                        provider, settings.sending(), Clock.systemUTC(), new SplittableRandom(), metrics, endings),
                settings.reloadEvery());
    }

    private static Health health(List<PlatformThread> threads) {
        return threads.stream().allMatch(PlatformThread::isReading)
                ? Health.serving()
                : Health.notReady("not every platform reads the log yet");
    }
}
