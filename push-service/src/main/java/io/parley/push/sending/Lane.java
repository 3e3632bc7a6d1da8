package io.parley.push.sending;

import io.parley.protocol.push.Notification;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushOutcome.Trouble;
import io.parley.push.provider.PushProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deliveries of one platform, from the log to their end. One thread owns it and calls {@link #turn} again and again; a provider's answers come from any
 * thread and lie here until the next turn. Each delivery ends exactly once, unless it is {@link #forget forgotten}.
 */
public final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final String DEADLINE = "Deadline";

    private final PushProvider provider;
    private final SendSettings settings;
    private final Clock clock;
    private final Backoff backoff;
    private final LaneMetrics metrics;
    private final Endings endings;

    private final Map<String, Circuit> circuits = new HashMap<>();
    private final List<Circuit> inTurn = new ArrayList<>();
    /** Under way, the oldest first. */
    private final Set<Attempt> attempts = new LinkedHashSet<>();

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private int waiting;
    private int firstInTurn;
    private boolean stopped;

    private record Answer(
            Attempt attempt,
            @Nullable PushOutcome outcome,
            @Nullable Throwable failure) {}

    public Lane(
            PushProvider provider,
            SendSettings settings,
            Clock clock,
            RandomGenerator random,
            LaneMetrics metrics,
            Endings endings) {
        this.provider = provider;
        this.settings = settings;
        this.clock = clock;
        this.backoff = new Backoff(settings.firstBackoff(), settings.maxBackoff(), random);
        this.metrics = metrics;
        this.endings = endings;
    }

    /** Takes a delivery, even when it is full. */
    public void offer(Delivery delivery) {
        Circuit circuit = circuitOf(delivery);
        Delivery replaced = circuit.queue().add(delivery);
        waiting++;
        if (replaced != null) {
            waiting--;
            finish(replaced, "replaced", "", new Ending.Settled());
        }
    }

    /** Whether it holds as many as it may: then nothing more should be offered until it {@link #hasRoom}. */
    public boolean isFull() {
        return waiting + attempts.size() >= settings.waiting();
    }

    /** Whether it holds no more than half of what it may. */
    public boolean hasRoom() {
        return waiting + attempts.size() <= settings.waiting() / 2;
    }

    /** Whether it has nothing at all. */
    public boolean isIdle() {
        return waiting + attempts.size() == 0;
    }

    /** Whether it has attempts under way, whose answers should not lie here for long. */
    public boolean isSending() {
        return attempts.size() > 0;
    }

    /** Does what can be done now: takes answers, gives up what takes too long, and begins new attempts. Waits for nothing. */
    public void turn() {
        takeAnswers();
        giveUpLate();
        boolean sent = !stopped;
        while (sent) {
            sent = false;
            for (int i = 0; i < inTurn.size(); i++) {
                sent |= sendNext(inTurn.get((firstInTurn + i) % inTurn.size()));
            }
        }
        firstInTurn++;
        takeAnswers();
        metrics.holds(waiting, attempts.size());
    }

    /** Begins no more attempts; those under way go on. */
    public void stop() {
        stopped = true;
    }

    /** Lets go of all that came from these partitions: another process has them now. What is under way goes on, and ends without a word. */
    public void forget(Set<Integer> partitions) {
        for (Circuit circuit : inTurn) {
            circuit.queue()
                    .remove(delivery -> partitions.contains(delivery.position().partition()), removed -> waiting--);
        }
    }

    private boolean sendNext(Circuit circuit) {
        long nowMillis = clock.millis();
        Delivery next = circuit.queue().peek(nowMillis);
        if (next == null) {
            return false;
        }
        if (next.isExpired(nowMillis)) {
            drop(circuit, next, "expired", "", new Ending.Settled());
            return true;
        }
        if (next.triedForMillis(nowMillis) >= settings.giveUpAfter().toMillis()) {
            drop(circuit, next, "gave_up", "", new Ending.Failed("given up after " + next.attempts() + " attempts"));
            return true;
        }
        if (attempts.size() >= settings.atOnce() || !circuit.permits()) {
            return false;
        }
        circuit.queue().take();
        waiting--;
        send(new Attempt(next, circuit, nowMillis));
        return true;
    }

    private void drop(Circuit circuit, Delivery delivery, String outcome, String reason, Ending ending) {
        circuit.queue().take();
        circuit.queue().ended(delivery);
        waiting--;
        finish(delivery, outcome, reason, ending);
    }

    // The answer's own stage is of no use: it comes back through the queue of answers.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void send(Attempt attempt) {
        Delivery delivery = attempt.delivery();
        delivery.attempted(attempt.startedMillis());
        attempts.add(attempt);
        try {
            CompletionStage<PushOutcome> answer = provider.send(delivery.token(), delivery.notification());
            attempt.answeredBy(answer);
            answer.whenComplete((outcome, failure) -> answers.add(new Answer(attempt, outcome, failure)));
        } catch (RuntimeException e) {
            LOG.warn("platform={} an attempt broke", provider.platform(), e);
            answers.add(new Answer(attempt, new PushOutcome.Refused(e.getClass().getSimpleName()), null));
        }
    }

    private void takeAnswers() {
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            if (attempts.contains(answer.attempt())) {
                ended(answer.attempt(), outcomeOf(answer));
            }
        }
    }

    private static PushOutcome outcomeOf(Answer answer) {
        if (answer.outcome() != null) {
            return answer.outcome();
        }
        Throwable failure = answer.failure();
        return new PushOutcome.Later(
                Duration.ZERO, failure == null ? "Nothing" : failure.getClass().getSimpleName(), Trouble.PROVIDER);
    }

    private void giveUpLate() {
        long startedBefore = clock.millis() - settings.deadline().toMillis();
        List<Attempt> late = new ArrayList<>();
        for (Attempt oldest : attempts) {
            if (oldest.startedMillis() > startedBefore) {
                break;
            }
            late.add(oldest);
        }
        for (Attempt attempt : late) {
            attempt.cancel();
            ended(attempt, new PushOutcome.Later(Duration.ZERO, DEADLINE, Trouble.PROVIDER));
        }
    }

    private void ended(Attempt attempt, PushOutcome outcome) {
        attempts.remove(attempt);
        Delivery delivery = attempt.delivery();
        Circuit circuit = attempt.circuit();
        circuit.ended(outcome, clock.millis() - attempt.startedMillis());
        if (outcome instanceof PushOutcome.Later later) {
            retry(delivery, circuit, later);
            return;
        }
        circuit.queue().ended(delivery);
        if (outcome instanceof PushOutcome.Accepted) {
            metrics.accepted(clock.millis() - delivery.notification().getAtMillis());
            finish(delivery, "accepted", kind(delivery.notification()), new Ending.Settled());
        } else if (outcome instanceof PushOutcome.TokenGone gone) {
            long asOfMillis = gone.asOfMillis() == 0 ? attempt.startedMillis() : gone.asOfMillis();
            finish(delivery, "token_gone", gone.reason(), new Ending.TokenGone(asOfMillis));
        } else if (outcome instanceof PushOutcome.Refused refused) {
            finish(delivery, "refused", refused.reason(), new Ending.Failed(refused.reason()));
        } else if (outcome instanceof PushOutcome.NotConfigured missing) {
            finish(delivery, "not_configured", missing.reason(), new Ending.Settled());
        }
    }

    private void retry(Delivery delivery, Circuit circuit, PushOutcome.Later later) {
        metrics.later(later.reason());
        long nowMillis = clock.millis();
        long wakesMillis = nowMillis + backoff.millis(delivery.attempts(), later.retryAfter());
        if (circuit.queue().rest(delivery, wakesMillis)) {
            waiting++;
        } else {
            finish(delivery, "replaced", "", new Ending.Settled());
        }
    }

    private void finish(Delivery delivery, String outcome, String reason, Ending ending) {
        metrics.ended(outcome, reason);
        endings.ended(delivery, ending);
    }

    private Circuit circuitOf(Delivery delivery) {
        return circuits.computeIfAbsent(provider.circuit(delivery.token()), name -> {
            Circuit created = new Circuit(provider.platform().name(), name, settings.breaker(), clock);
            inTurn.add(created);
            metrics.watch(name, created);
            return created;
        });
    }

    private static String kind(Notification notification) {
        return notification.getKindCase().name().toLowerCase(Locale.ROOT);
    }
}
