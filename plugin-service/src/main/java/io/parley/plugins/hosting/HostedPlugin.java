package io.parley.plugins.hosting;

import io.parley.plugin.FilterTerms;
import io.parley.plugin.PluginRequest;
import io.parley.plugin.PushNotification;
import io.parley.plugin.PushResult;
import io.parley.plugins.hosting.PluginFolder.Failure;
import io.parley.plugins.hosting.PluginFolder.Stamp;
import io.parley.plugins.hosting.PluginStatus.State;
import io.parley.plugins.hosting.PluginStatus.SubscriptionStatus;
import io.parley.plugins.hosting.Services.Open;
import io.parley.plugins.loading.LoadedPlugin;
import io.parley.plugins.running.Judge;
import io.parley.plugins.running.PluginCalls;
import io.parley.plugins.running.PluginFigures;
import io.parley.plugins.running.PluginFigures.Outcome;
import io.parley.plugins.running.RunningPlugin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One plugin of the folder. Started and stopped by the host's thread only; the rest is for any. */
final class HostedPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(HostedPlugin.class);

    private final Path jar;
    private final Stamp stamp;
    private final LoadedPlugin loaded;
    private final PluginFolder folder;
    private final Services services;
    private final PluginFigures figures;
    private final Breaker breaker;
    private volatile Now now = new Now(State.DISABLED, "", null, List.of());

    /** What is the case. */
    private record Now(State state, String reason, @Nullable RunningPlugin running, List<Open> subscriptions) {}

    /** Called by a plugin that must not run any longer; on any thread. */
    interface Breaker {
        void breaks(HostedPlugin plugin, String why, boolean unstoppable);
    }

    HostedPlugin(Path jar, Stamp stamp, LoadedPlugin loaded, PluginFolder folder, Services services, Breaker breaker) {
        this.jar = jar;
        this.stamp = stamp;
        this.loaded = loaded;
        this.folder = folder;
        this.services = services;
        this.figures = new PluginFigures(services.registry(), loaded.id());
        this.breaker = breaker;
    }

    String id() {
        return loaded.id();
    }

    Stamp stamp() {
        return stamp;
    }

    boolean isRunning() {
        return now.state() == State.RUNNING;
    }

    /** Starts or stops it, as the folder has it. */
    void follow(ScheduledExecutorService timer) throws IOException, InterruptedException {
        Optional<Failure> failure = folder.failure(id(), stamp);
        if (folder.isDisabled(id())) {
            stop(State.DISABLED, "");
        } else if (failure.isPresent()) {
            stop(State.FAILED, failure.get().reason());
        } else if (!isRunning()) {
            start(timer);
        }
    }

    private void start(ScheduledExecutorService timer) throws IOException, InterruptedException {
        Health health = new Health();
        PluginCalls calls = new PluginCalls(id(), loaded.classes(), services.limits(), timer, health);
        try {
            RunningPlugin running =
                    RunningPlugin.start(loaded, folder.settings(id()), services.clients(), calls, health);
            List<Open> subscriptions = running.subscriptions().stream()
                    .map(one -> services.subscriptions().open(id(), one, calls, figures))
                    .toList();
            now = new Now(State.RUNNING, "", running, subscriptions);
            LOG.info("plugin={} version={} runs", id(), loaded.version());
        } catch (ExecutionException e) {
            LOG.warn("plugin={} does not start", id(), e.getCause());
            fail("it does not start: " + e.getCause());
        }
    }

    /** Stops it and notes why, so that it does not start again. */
    void fail(String why) throws IOException {
        folder.fail(id(), new Failure(why, stamp, refuses(), authenticates()));
        stop(State.FAILED, why);
    }

    /** Stops it, if it runs. */
    void stop(State state, String reason) {
        Now before = now;
        now = new Now(state, reason, null, List.of());
        before.subscriptions().forEach(Open::close);
        if (before.running() != null) {
            before.running().stop();
            LOG.info("plugin={} stopped: {} {}", id(), state, reason);
        }
    }

    void unload() {
        stop(State.DISABLED, "");
        loaded.unload();
    }

    private boolean refuses() {
        RunningPlugin running = now.running();
        return running != null
                && running.filterTerms()
                        .filter(terms -> terms.whenMissed() == FilterTerms.WhenMissed.REFUSE)
                        .isPresent();
    }

    private boolean authenticates() {
        RunningPlugin running = now.running();
        return running != null && running.tokenDeadline().isPresent();
    }

    /** Its filter, if it has to be asked: it runs, or was switched off and refuses what it does not see. */
    Optional<ActiveFilter> filter() {
        Now is = now;
        RunningPlugin running = is.running();
        if (running != null) {
            return running.filterTerms()
                    .map(terms -> new ActiveFilter(
                            id(),
                            terms.deadline(),
                            terms.whenMissed() == FilterTerms.WhenMissed.REFUSE,
                            running,
                            figures));
        }
        return failure(is)
                .filter(Failure::refuses)
                .map(failure -> new ActiveFilter(id(), Duration.ZERO, true, null, figures));
    }

    /** Its authenticator, if it has to be asked: it runs, or was switched off and its tokens may not be refused for good. */
    Optional<ActiveAuthenticator> authenticator() {
        Now is = now;
        RunningPlugin running = is.running();
        if (running != null) {
            return running.tokenDeadline().map(deadline -> new ActiveAuthenticator(id(), deadline, running, figures));
        }
        return failure(is)
                .filter(Failure::authenticates)
                .map(failure -> new ActiveAuthenticator(id(), Duration.ZERO, null, figures));
    }

    private Optional<Failure> failure(Now is) {
        try {
            return is.state() == State.FAILED ? folder.failure(id(), stamp) : Optional.empty();
        } catch (IOException e) {
            LOG.warn("plugin={}: its state cannot be read", id(), e);
            return Optional.empty();
        }
    }

    /** Has it answer a request; empty when it does not run, or has no handler of that kind. */
    Optional<CompletableFuture<String>> request(PluginRequest request) {
        RunningPlugin running = now.running();
        if (running == null) {
            return Optional.empty();
        }
        long startNanos = System.nanoTime();
        return running.request(request)
                .map(answer -> answer.whenComplete((body, failure) -> figures.count(
                        failure == null ? Outcome.ANSWERED : Outcome.UNANSWERED, System.nanoTime() - startNanos)));
    }

    /** Has it make an attempt to push; empty when it does not run, or does not serve this push system. */
    Optional<CompletableFuture<PushResult>> push(String provider, PushNotification notification, Duration deadline) {
        RunningPlugin running = now.running();
        if (running == null) {
            return Optional.empty();
        }
        long startNanos = System.nanoTime();
        return running.push(provider, notification, deadline)
                .map(result -> result.whenComplete((ended, failure) -> figures.count(
                        ended == null ? Outcome.UNPUSHED : Outcome.PUSHED, System.nanoTime() - startNanos)));
    }

    /** Bytes that its threads have allocated since it started. */
    long allocatedBytes() {
        RunningPlugin running = now.running();
        return running == null ? 0 : running.calls().allocatedBytes();
    }

    PluginStatus status() {
        Now is = now;
        return new PluginStatus(
                String.valueOf(jar.getFileName()),
                id(),
                loaded.version(),
                is.state(),
                is.reason(),
                is.running() != null && is.running().filterTerms().isPresent(),
                authenticates(),
                is.running() == null ? List.of() : is.running().pushes(),
                is.subscriptions().stream()
                        .map(one -> new SubscriptionStatus(
                                one.name(), one.isReading(), one.lag().toMillis()))
                        .toList(),
                figures.shown());
    }

    /** How it does since it started. */
    private final class Health implements Judge {
        private final AtomicInteger failures = new AtomicInteger();

        @Override
        public void worked() {
            failures.set(0);
        }

        @Override
        public void failed(String why) {
            if (failures.incrementAndGet() == services.failures()) {
                breaker.breaks(
                        HostedPlugin.this,
                        "its filter failed " + services.failures() + " times in a row, the last time: " + why,
                        false);
            }
        }

        @Override
        public void unstoppable(String why) {
            breaker.breaks(HostedPlugin.this, why, true);
        }
    }
}
