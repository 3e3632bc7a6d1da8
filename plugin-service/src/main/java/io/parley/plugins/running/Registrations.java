package io.parley.plugins.running;

import io.parley.plugin.Authenticator;
import io.parley.plugin.ChatClient;
import io.parley.plugin.EventSubscriber;
import io.parley.plugin.FilterTerms;
import io.parley.plugin.PluginContext;
import io.parley.plugin.PublishFilter;
import io.parley.plugin.PushProvider;
import io.parley.plugin.RequestHandler;
import io.parley.plugin.SubscriptionTerms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a plugin registers while it starts. */
final class Registrations implements PluginContext {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");
    private static final int MOST_SUBSCRIPTIONS = 8;
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final String id;
    private final Map<String, String> settings;
    private final Function<String, ChatClient> clients;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private @Nullable Filter filter;
    private @Nullable Authentication authentication;
    private final Map<String, Push> pushes = new TreeMap<>();
    private final Map<String, RequestHandler> handlers = new HashMap<>();
    private boolean closed;

    /** A filter and its terms. */
    record Filter(PublishFilter filter, FilterTerms terms) {}

    /** An authenticator and its deadline. */
    record Authentication(Authenticator authenticator, Duration deadline) {}

    /** A push system and its deadline. */
    record Push(PushProvider provider, Duration deadline) {}

    Registrations(String id, Map<String, String> settings, Function<String, ChatClient> clients) {
        this.id = id;
        this.settings = Map.copyOf(settings);
        this.clients = clients;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Map<String, String> settings() {
        return settings;
    }

    @Override
    public synchronized void filter(PublishFilter registered, FilterTerms terms) {
        requireOpen();
        if (filter != null) {
            throw new IllegalStateException("a plugin has one filter: combine them in one");
        }
        filter = new Filter(registered, terms);
    }

    @Override
    public synchronized void subscribe(String name, EventSubscriber subscriber, SubscriptionTerms terms) {
        requireOpen();
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the name of a subscription is 1-32 of a-z, 0-9 and -, but is " + name);
        }
        if (subscriptions.stream().anyMatch(other -> other.name().equals(name))) {
            throw new IllegalStateException("there is a subscription with the name " + name + " already");
        }
        if (subscriptions.size() == MOST_SUBSCRIPTIONS) {
            throw new IllegalStateException("a plugin has " + MOST_SUBSCRIPTIONS + " subscriptions at most");
        }
        subscriptions.add(new Subscription(name, subscriber, terms));
    }

    @Override
    public synchronized void handle(String kind, RequestHandler handler) {
        requireOpen();
        if (!NAME.matcher(kind).matches()) {
            throw new IllegalArgumentException("the kind of a request is 1-32 of a-z, 0-9 and -, but is " + kind);
        }
        if (handlers.putIfAbsent(kind, handler) != null) {
            throw new IllegalStateException("there is a handler of " + kind + " already");
        }
    }

    @Override
    public synchronized void authenticate(Authenticator authenticator, Duration deadline) {
        requireOpen();
        requireDeadline(deadline);
        if (authentication != null) {
            throw new IllegalStateException("a plugin has one authenticator: combine them in one");
        }
        authentication = new Authentication(authenticator, deadline);
    }

    @Override
    public synchronized void push(String provider, PushProvider code, Duration deadline) {
        requireOpen();
        requireDeadline(deadline);
        if (!NAME.matcher(provider).matches()) {
            throw new IllegalArgumentException(
                    "the name of a push system is 1-32 of a-z, 0-9 and -, but is " + provider);
        }
        if (pushes.putIfAbsent(provider, new Push(code, deadline)) != null) {
            throw new IllegalStateException("there is a push system with the name " + provider + " already");
        }
    }

    private static void requireDeadline(Duration deadline) {
        if (deadline.compareTo(SHORTEST) < 0 || deadline.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("deadline is 10 ms to 10 s, but is " + deadline.toMillis() + " ms");
        }
    }

    @Override
    public ChatClient client(String bot) {
        return clients.apply(bot);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("register in start(), not later");
        }
    }

    /** From now on nothing can be registered. */
    synchronized void close() {
        closed = true;
    }

    synchronized Optional<Filter> filter() {
        return Optional.ofNullable(filter);
    }

    synchronized Optional<Authentication> authentication() {
        return Optional.ofNullable(authentication);
    }

    synchronized Optional<Push> push(String provider) {
        return Optional.ofNullable(pushes.get(provider));
    }

    /** The names of its push systems. */
    synchronized List<String> pushes() {
        return List.copyOf(pushes.keySet());
    }

    synchronized Optional<RequestHandler> handler(String kind) {
        return Optional.ofNullable(handlers.get(kind));
    }

    synchronized List<Subscription> subscriptions() {
        return List.copyOf(subscriptions);
    }
}
