package io.parley.pluginlink;

import com.google.protobuf.InvalidProtocolBufferException;
import io.micrometer.core.instrument.MeterRegistry;
import io.parley.gateway.publishing.PublicationFilters;
import io.parley.gateway.requesting.PluginPort;
import io.parley.identity.TokenVerifier;
import io.parley.identity.Tokens;
import io.parley.protocol.plugin.FilterAnswer;
import io.parley.protocol.plugin.FilterQuestion;
import io.parley.protocol.plugin.PluginSummary;
import io.parley.protocol.plugin.RequestAnswer;
import io.parley.protocol.plugin.RequestQuestion;
import io.parley.runtime.Lifecycle;
import io.parley.runtime.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * The filters of the plugin service, and what else nodes ask it. What has no verdict because the service cannot be asked goes on where every filter allows that; otherwise it fails, and
 * its sender waits. Called on any thread.
 */
public final class PluginLink implements PublicationFilters, PluginPort {
    private static final String ADDRESS = "parley.plugins.address";
    private static final Pattern HOST_AND_PORT = Pattern.compile("[^/:\\s]+:\\d{1,5}");
    /** Beyond the filters' own deadline: the way there and back. */
    static final long WAY_MILLIS = 500;
    /** What a plugin has for a request, and the way there and back. */
    private static final Duration REQUEST = Duration.ofMillis(5_500);

    private final SummaryWatch watch;
    private final BoundedCalls calls;
    private final BoundedCalls requests;
    private final LinkMetrics metrics;
    private final TokenLink tokens;
    private final Tokens.Memory remembered;
    private final URI filter;
    private final URI request;

    private PluginLink(
            URI service,
            SummaryWatch watch,
            BoundedCalls calls,
            BoundedCalls requests,
            TokenLink tokens,
            Tokens.Memory remembered,
            LinkMetrics metrics) {
        this.watch = watch;
        this.calls = calls;
        this.requests = requests;
        this.metrics = metrics;
        this.tokens = tokens;
        this.remembered = remembered;
        this.filter = service.resolve("/filter");
        this.request = service.resolve("/request");
    }

    /**
     * The link that the settings name; its threads end with the process.
     *
     * @return empty where there is no plugin service
     */
    public static Optional<PluginLink> open(Settings settings, Lifecycle lifecycle, MeterRegistry registry) {
        Optional<String> address = settings.optionalText(ADDRESS);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        if (!HOST_AND_PORT.matcher(address.get()).matches()) {
            throw settings.bad(ADDRESS, "must be host:port of the plugin service");
        }
        URI service = URI.create("http://" + address.get());
        int atOnce = settings.integer("parley.plugins.at-once", 1, 1000);
        long waitingBytes = settings.bytes("parley.plugins.waiting-bytes");
        BoundedCalls calls = lifecycle.own("plugin filters", new BoundedCalls(atOnce, waitingBytes));
        BoundedCalls requests = lifecycle.own("plugin requests", new BoundedCalls(atOnce, waitingBytes));
        TokenSettings tokens = TokenSettings.from(settings);
        BoundedCalls questions =
                lifecycle.own("plugin tokens", new BoundedCalls(tokens.atOnce(), tokens.waitingBytes()));
        SummaryWatch watch = lifecycle.own("plugin watch", new SummaryWatch(service));
        watch.start();
        LinkMetrics metrics = new LinkMetrics(registry);
        return Optional.of(new PluginLink(
                service,
                watch,
                calls,
                requests,
                new TokenLink(service, tokens.all(), watch, questions, metrics),
                tokens.memory(),
                metrics));
    }

    /**
     * Checks tokens, also those that plugins know.
     *
     * @param own checks Parley's own
     */
    public Tokens tokens(TokenVerifier own) {
        return Tokens.with(own, tokens, remembered);
    }

    @Override
    public boolean areOn() {
        PluginSummary summary = watch.summary();
        return summary == null || summary.getFilters() > 0;
    }

    @Override
    public CompletionStage<Filtered> filter(FilterQuestion question) {
        PluginSummary summary = watch.summary();
        if (summary == null) {
            return unasked(question, false);
        }
        if (!watch.isReachable()) {
            return unasked(question, summary.getPassesUnasked());
        }
        long startNanos = System.nanoTime();
        Duration deadline = Duration.ofMillis(summary.getDeadlineMillis() + WAY_MILLIS);
        return calls.post(filter, question.toByteArray(), deadline)
                .thenApply(PluginLink::read)
                .handle((answer, failure) -> Optional.ofNullable(answer))
                .thenCompose(answer -> {
                    if (answer.isEmpty()) {
                        return unasked(question, summary.getPassesUnasked());
                    }
                    Filtered filtered = answer.get().hasRefused()
                            ? Filtered.refused(answer.get().getRefused())
                            : Filtered.passed(answer.get().getPassed());
                    metrics.answered(filtered, question.getPublication(), System.nanoTime() - startNanos);
                    return CompletableFuture.completedFuture(filtered);
                });
    }

    @Override
    public CompletionStage<RequestAnswer> request(RequestQuestion question) {
        return requests.post(request, question.toByteArray(), REQUEST).thenApply(bytes -> {
            try {
                return RequestAnswer.parseFrom(bytes);
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("the plugin service answers something else", e);
            }
        });
    }

    private CompletableFuture<Filtered> unasked(FilterQuestion question, boolean passes) {
        metrics.unasked(passes);
        return passes
                ? CompletableFuture.completedFuture(Filtered.passed(question.getPublication()))
                : CompletableFuture.failedFuture(new IllegalStateException(
                        "the plugin service at " + filter.getAuthority() + " does not answer"));
    }

    private static FilterAnswer read(byte[] bytes) {
        try {
            return FilterAnswer.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the plugin service answers something else", e);
        }
    }
}
