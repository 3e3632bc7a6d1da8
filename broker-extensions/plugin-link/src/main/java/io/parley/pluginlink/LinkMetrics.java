package io.parley.pluginlink;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.parley.gateway.publishing.PublicationFilters.Filtered;
import io.parley.identity.Verification;
import io.parley.protocol.wire.Publication;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a node counts of its questions to plugins. */
final class LinkMetrics {
    private static final String OUTCOME = "outcome";

    private final Timer passed;
    private final Timer changed;
    private final Timer refused;
    private final Counter passedUnasked;
    private final Counter heldUp;
    private final Timer tokenAccepted;
    private final Timer tokenRefused;
    private final Timer tokenUnanswered;

    LinkMetrics(MeterRegistry registry) {
        passed = timer(registry, "passed");
        changed = timer(registry, "changed");
        refused = timer(registry, "refused");
        passedUnasked = unasked(registry, "passed");
        heldUp = unasked(registry, "held up");
        tokenAccepted = token(registry, "accepted");
        tokenRefused = token(registry, "refused");
        tokenUnanswered = token(registry, "unanswered");
    }

    private static Timer timer(MeterRegistry registry, String outcome) {
        return Timer.builder("parley.plugins.filtered")
                .description("Messages that plugins decided on, as a node sees it")
                .tag(OUTCOME, outcome)
                .register(registry);
    }

    private static Timer token(MeterRegistry registry, String outcome) {
        return Timer.builder("parley.plugins.tokens")
                .description("Tokens that plugins were asked about, as a node sees it")
                .tag(OUTCOME, outcome)
                .register(registry);
    }

    private static Counter unasked(MeterRegistry registry, String outcome) {
        return Counter.builder("parley.plugins.unasked")
                .description("Messages about which the plugin service could not be asked")
                .tag(OUTCOME, outcome)
                .register(registry);
    }

    void answered(Filtered filtered, Publication asked, long nanos) {
        Timer timer =
                !filtered.refusal().isEmpty() ? refused : filtered.publication().equals(asked) ? passed : changed;
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** @param answer null when there was none */
    void token(@Nullable Verification answer, long nanos) {
        Timer timer = answer == null
                ? tokenUnanswered
                : answer instanceof Verification.Verified ? tokenAccepted : tokenRefused;
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    void unasked(boolean passes) {
        (passes ? passedUnasked : heldUp).increment();
    }
}
