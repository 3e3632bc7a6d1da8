package io.parley.plugins.running;

import io.parley.plugin.ChatClient;
import io.parley.plugin.FilterTerms;
import io.parley.plugin.Plugin;
import io.parley.plugin.PluginRequest;
import io.parley.plugin.Publication;
import io.parley.plugin.PushNotification;
import io.parley.plugin.PushResult;
import io.parley.plugin.TokenVerdict;
import io.parley.plugin.Verdict;
import io.parley.plugins.loading.LoadedPlugin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A plugin that has started. */
public final class RunningPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(RunningPlugin.class);
    private static final Duration START = Duration.ofSeconds(10);
    private static final Duration REQUEST = Duration.ofSeconds(5);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final String id;
    private final Plugin plugin;
    private final Registrations registrations;
    private final PluginCalls calls;
    private final Judge judge;

    private RunningPlugin(String id, Plugin plugin, Registrations registrations, PluginCalls calls, Judge judge) {
        this.id = id;
        this.plugin = plugin;
        this.registrations = registrations;
        this.calls = calls;
        this.judge = judge;
    }

    /**
     * Starts a plugin.
     *
     * @param settings of the plugin
     * @param clients makes its clients to act
     * @param calls its threads; closed when it does not start
     * @throws ExecutionException with the plugin's own failure as its cause
     */
    public static RunningPlugin start(
            LoadedPlugin loaded,
            Map<String, String> settings,
            Function<String, ChatClient> clients,
            PluginCalls calls,
            Judge judge)
            throws ExecutionException, InterruptedException {
        Registrations registrations = new Registrations(loaded.id(), settings, clients);
        AtomicReference<Plugin> made = new AtomicReference<>();
        try {
            Plugin plugin = calls.call(
                            () -> {
                                Plugin created = loaded.create();
                                made.set(created);
                                created.start(registrations);
                                return CompletableFuture.completedFuture(created);
                            },
                            START)
                    .get();
            registrations.close();
            return new RunningPlugin(loaded.id(), plugin, registrations, calls, judge);
        } catch (ExecutionException | InterruptedException e) {
            Plugin half = made.get();
            if (half != null) {
                stop(loaded.id(), half, calls);
            }
            calls.close();
            throw e;
        }
    }

    /** Its filter's terms; empty if it has none. */
    public Optional<FilterTerms> filterTerms() {
        return registrations.filter().map(Registrations.Filter::terms);
    }

    /** Has its filter decide. Fails when it has none, fails, or does not decide in time; the judge hears of that. */
    public CompletableFuture<Verdict> filter(Publication publication) {
        Registrations.Filter filter =
                registrations.filter().orElseThrow(() -> new IllegalStateException(id + " has no filter"));
        return calls.call(
                        () -> filter.filter().filter(publication),
                        filter.terms().deadline())
                .whenComplete((verdict, failure) -> {
                    if (failure == null && verdict != null) {
                        judge.worked();
                    } else if (!calls.isClosed()) {
                        judge.failed(failure == null ? "it decided null" : failure.toString());
                    }
                });
    }

    /** How long its authenticator may take; empty if it has none. */
    public Optional<Duration> tokenDeadline() {
        return registrations.authentication().map(Registrations.Authentication::deadline);
    }

    /**
     * Has its authenticator decide. Fails when it has none, fails, or does not decide in time. The judge does not hear of that: whom it asks may be away, and
     * nobody could connect with its tokens after that.
     */
    public CompletableFuture<TokenVerdict> authenticate(String token) {
        Registrations.Authentication authentication = registrations
                .authentication()
                .orElseThrow(() -> new IllegalStateException(id + " has no authenticator"));
        return calls.call(() -> authentication.authenticator().authenticate(token), authentication.deadline());
    }

    /** The push systems that it serves. */
    public List<String> pushes() {
        return registrations.pushes();
    }

    /** Has it make an attempt, within its own deadline or this one; empty when it does not serve this push system. */
    public Optional<CompletableFuture<PushResult>> push(
            String provider, PushNotification notification, Duration deadline) {
        return registrations
                .push(provider)
                .map(push -> calls.call(
                        () -> push.provider().send(notification),
                        push.deadline().compareTo(deadline) < 0 ? push.deadline() : deadline));
    }

    /** Has it answer a request within five seconds; empty when it has no handler of that kind. */
    public Optional<CompletableFuture<String>> request(PluginRequest request) {
        return registrations.handler(request.kind()).map(handler -> calls.call(() -> handler.handle(request), REQUEST));
    }

    /** What it subscribed to. */
    public List<Subscription> subscriptions() {
        return registrations.subscriptions();
    }

    /** Its threads. */
    public PluginCalls calls() {
        return calls;
    }

    /** Stops it. Returns when its own stop has returned, or has had its time. */
    public void stop() {
        stop(id, plugin, calls);
        calls.close();
    }

    private static void stop(String id, Plugin plugin, PluginCalls calls) {
        try {
            calls.call(
                            () -> {
                                plugin.stop();
                                return CompletableFuture.completedFuture(id);
                            },
                            STOP)
                    .get();
        } catch (ExecutionException e) {
            LOG.warn("plugin={} did not stop in order: {}", id, String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
