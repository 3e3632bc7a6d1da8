package io.parley.push.sink;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.runtime.Health;
import io.parley.runtime.OperationsEndpoint;
import io.parley.runtime.ProcessMetrics;
import io.parley.runtime.ServerProcess;
import java.net.InetAddress;
import java.time.Clock;
import java.util.function.Consumer;

/** The process of the counterparts on this machine: what they accept goes to a file. */
public final class PushSinkMain {

    private PushSinkMain() {}

    /** Runs until it is stopped from outside. */
    public static void main(String[] args) {
        LoopbackListeners.switchOn();
        ServerProcess.run("push-sink", (all, lifecycle) -> {
            SinkSettings settings = SinkSettings.from(all);
            PrometheusMeterRegistry registry = ProcessMetrics.registry("push-sink");
            SinkKeys keys = SinkKeys.in(settings.keys());
            SinkLog log = lifecycle.own("log", SinkLog.open(settings.log()));
            Consumer<SinkRecord> accepted = record -> {
                log.append(record);
                registry.counter("parley.push.sink.accepted", "platform", record.platform())
                        .increment();
            };
            Clock clock = Clock.systemUTC();
            lifecycle.own("APNs", new ApnsCounterpart(settings.apnsPort(), keys.apns(), clock, accepted));
            keys.account(lifecycle.own("FCM", new FcmCounterpart(settings.fcmPort(), clock, accepted)));
            keys.vapid();
            lifecycle.own("Web Push", new WebPushCounterpart(settings.webPushPort(), clock, keys.browsers(), accepted));
            lifecycle.own(
                    "operations endpoint",
                    OperationsEndpoint.start(
                            InetAddress.getLoopbackAddress().getHostAddress(),
                            settings.operationsPort(),
                            registry,
                            Health::serving));
        });
    }
}
