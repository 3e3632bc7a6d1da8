package io.parley.push.sending;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.parley.push.provider.PushOutcome;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What fails together: its deliveries that wait, and the circuit breaker that holds them back while the provider is in trouble. */
final class Circuit {
    private static final Logger LOG = LoggerFactory.getLogger(Circuit.class);
    private static final int TENTH = 10;

    private final SendQueue queue = new SendQueue();
    private final CircuitBreaker breaker;

    /** What the circuit breaker counts; it never leaves this class. */
    private static final class Troubled extends Exception {
        private static final long serialVersionUID = 1L;

        Troubled(String reason) {
            super(reason, null, false, false);
        }
    }

    Circuit(String platform, String name, SendSettings.Breaker settings, Clock clock) {
        this.breaker = CircuitBreaker.of(
                platform + "/" + name,
                CircuitBreakerConfig.custom()
                        .clock(clock)
                        .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
                        .slidingWindow(
                                settings.attempts(),
                                Math.max(2, settings.attempts() / TENTH),
                                CircuitBreakerConfig.SlidingWindowType.COUNT_BASED,
                                CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.LOCK_FREE)
                        .failureRateThreshold(settings.failedPercent())
                        .waitIntervalFunctionInOpenState(
                                IntervalFunction.ofExponentialBackoff(settings.firstWait(), 2, settings.maxWait()))
                        .permittedNumberOfCallsInHalfOpenState(settings.trials())
                        .build());
        breaker.getEventPublisher()
                .onStateTransition(event -> LOG.info(
                        "circuit={} {} -> {}",
                        breaker.getName(),
                        event.getStateTransition().getFromState(),
                        event.getStateTransition().getToState()));
    }

    SendQueue queue() {
        return queue;
    }

    /** Whether an attempt may begin now; then its outcome must be told to {@link #ended}. */
    boolean permits() {
        return breaker.tryAcquirePermission();
    }

    /** How a permitted attempt ended. */
    void ended(PushOutcome outcome, long tookMillis) {
        if (outcome instanceof PushOutcome.Later later && later.trouble() == PushOutcome.Trouble.PROVIDER) {
            breaker.onError(tookMillis, TimeUnit.MILLISECONDS, new Troubled(later.reason()));
        } else if (outcome instanceof PushOutcome.NotConfigured) {
            breaker.releasePermission();
        } else {
            breaker.onSuccess(tookMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** 0 closed, 1 on trial, 2 open. */
    int state() {
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN -> 2;
            case HALF_OPEN -> 1;
            default -> 0;
        };
    }
}
