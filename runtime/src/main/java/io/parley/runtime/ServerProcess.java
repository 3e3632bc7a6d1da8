package io.parley.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frame of a server's {@code main}: wire, serve until told to stop, stop in order. Exit codes: {@value #EXIT_BAD_SETTING} for a
 * bad setting (said in one line on standard error, nothing to restart), {@value #EXIT_FAILED} when the start failed or a part could
 * not go on.
 */
public final class ServerProcess {
    public static final int EXIT_FAILED = 1;
    public static final int EXIT_BAD_SETTING = 2;

    /** {@code true} here makes the process stop when its standard input ends: a child that must not outlive its parent. */
    public static final String STOP_WITH_PARENT = "PARLEY_STOP_WITH_PARENT";

    private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    /** What a server's {@code main} does: opens its parts and registers each with the lifecycle. */
    @FunctionalInterface
    public interface Wiring {
        void open(Settings settings, Lifecycle lifecycle) throws Exception;
    }

    /** What a server's {@code main} opens, where health and metrics are all that is asked of it by HTTP. */
    @FunctionalInterface
    public interface Serving {
        /** Opens it, and tells whether it can serve, which is asked again and again. */
        Supplier<Health> open(Settings settings, Lifecycle lifecycle, MeterRegistry registry) throws Exception;
    }

    private ServerProcess() {}

    /** As {@link #run}, with {@code /healthz} and {@code /metrics} at {@code parley.ROLE.operations-port}. */
    public static void serve(String role, Serving serving) {
        run(role, (settings, lifecycle) -> {
            PrometheusMeterRegistry registry = ProcessMetrics.registry(role);
            Supplier<Health> health = serving.open(settings, lifecycle, registry);
            lifecycle.own(
                    "operations endpoint",
                    OperationsEndpoint.start(
                            settings.text("parley.bind"),
                            settings.port("parley." + role + ".operations-port"),
                            registry,
                            health));
        });
    }

    /** Runs a server to its end. Returns only when it was stopped from outside; ends the JVM itself when the start fails. */
    public static void run(String role, Wiring wiring) {
        long startNanos = System.nanoTime();
        Lifecycle lifecycle = new Lifecycle(STOP_LIMIT);
        stopWithParent();
        Runtime.getRuntime().addShutdownHook(new Thread(lifecycle::stop, "stop"));
        try {
            wiring.open(Settings.load(), lifecycle);
        } catch (BadSetting e) {
            System.err.println(role + ": " + e.getMessage());
            System.exit(EXIT_BAD_SETTING);
        } catch (Exception e) {
            if (!lifecycle.isStopping()) {
                LOG.error("role={} cannot start", role, e);
                System.exit(EXIT_FAILED);
            }
        }
        LOG.info("role={} started in {} ms", role, (System.nanoTime() - startNanos) / 1_000_000);
        lifecycle.awaitStop();
    }

    /** Ends the process because a part cannot go on; its supervisor starts it anew. Does not return normally. */
    public static void fail(String reason, Throwable cause) {
        LOG.error("cannot go on: {}", reason, cause);
        // Not on the caller's thread: the closers that exit runs may have to wait for just this thread.
        new Thread(() -> System.exit(EXIT_FAILED), "fail").start();
    }

    /** Ends this JVM when standard input ends, if {@value #STOP_WITH_PARENT} asks for it. Its shutdown hooks run. */
    public static void stopWithParent() {
        if (!Boolean.parseBoolean(System.getenv(STOP_WITH_PARENT))) {
            return;
        }
        Thread watch = new Thread(ServerProcess::exitAtEndOfInput, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void exitAtEndOfInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            LOG.warn("standard input broke, stopping as if the parent had ended");
        }
        System.exit(0);
    }
}
