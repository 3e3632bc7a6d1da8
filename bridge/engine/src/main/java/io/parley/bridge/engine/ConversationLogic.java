package io.parley.bridge.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Effect;
import io.parley.bridge.LifeIndex;
import io.parley.bridge.Rows;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.DueRows;
import io.parley.bridge.conversation.admission.AdmissionRows;
import io.parley.bridge.conversation.attach.RouteRows;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.conversation.machine.ConversationStore;
import io.parley.bridge.conversation.retention.PurgeRows;
import io.parley.bridge.conversation.signal.SignalRows;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.AdmissionOver;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Detach;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.PurgeDelivered;
import io.parley.protocol.log.RemoveDeclined;
import io.parley.protocol.log.SweepConversation;
import io.parley.protocol.log.TellSignals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The conversations of one partition. */
final class ConversationLogic implements Machine.Logic {
    private static final ConversationCommand TELL = ConversationCommand.newBuilder()
            .setTellSignals(TellSignals.getDefaultInstance())
            .build();

    private static final ConversationCommand PURGE = ConversationCommand.newBuilder()
            .setPurgeDelivered(PurgeDelivered.getDefaultInstance())
            .build();

    private static final ConversationCommand ADMISSION_OVER = ConversationCommand.newBuilder()
            .setAdmissionOver(AdmissionOver.getDefaultInstance())
            .build();

    private static final ConversationCommand REMOVE_DECLINED = ConversationCommand.newBuilder()
            .setRemoveDeclined(RemoveDeclined.getDefaultInstance())
            .build();

    private static final ConversationCommand SWEEP = ConversationCommand.newBuilder()
            .setSweepConversation(SweepConversation.getDefaultInstance())
            .build();

    /** The most conversations in which something is due that are seen to within one tick. */
    private static final int DUE_A_TICK = 64;

    /** When so many members who declined were removed within one tick, the next ones wait for the next tick: others' commands come in between. */
    private static final int DECLINED_A_TICK = 64;

    /** The most routes to dead nodes that end within one tick, and the most conversations of old rows that are indexed. */
    private static final int ROUTES_A_TICK = 500;

    private static final int TICKS_A_SECOND = 10;
    private static final Duration CALM = Duration.ofSeconds(1);
    private static final Duration BUSY = CALM.dividedBy(TICKS_A_SECOND);

    /** What time brings to a conversation. */
    private record Timed(ConversationId id, ConversationCommand command) {}

    /** What follows from a command; the rules. */
    interface Deciding {
        Decision decide(ConversationState state, ConversationCommand command, long nowMillis);
    }

    private final Deciding rules;
    private final Attempt attempt;
    private final Retries<Timed> retries = new Retries<>();
    private final Retries<String> parts = new Retries<>();
    /** The conversations whose devices were told something within the last second, and at which tick, the earliest first. Not kept. */
    private final Map<ConversationId, Long> told = new LinkedHashMap<>();

    private final Lives lives;
    private final Deadlines admissions;
    private final Deadlines declined = new Deadlines(CALM);

    /** Conversations in which, as an older engine left it, it is to be seen what all have. */
    private final Set<ConversationId> purges = new LinkedHashSet<>();

    private long ticks;
    /** Whether it is known what was untold when this began. */
    private boolean untoldKnown;
    /** Whether it is known what an older engine left to {@link #purges}. */
    private boolean purgesKnown;
    /** Whether more is due than one tick did. */
    private boolean behind;
    /** Whether members who declined, and have waited long enough, wait for the next tick. */
    private boolean declining;
    /** Whether routes to dead nodes wait for the next tick. */
    private boolean closing;

    /**
     * @param admissionWait how long a conversation of two remembers that it asks whether it may begin, or may
     * @param lives which nodes have ended for good
     */
    ConversationLogic(ConversationRules rules, Duration admissionWait, Lives lives, Refusals refusals) {
        this(rules::decide, admissionWait, lives, refusals);
    }

    ConversationLogic(Deciding rules, Duration admissionWait, Lives lives, Refusals refusals) {
        this.rules = rules;
        this.lives = lives;
        this.admissions = new Deadlines(admissionWait);
        this.attempt = new Attempt(refusals);
    }

    @Override
    public List<Effect> run(String key, byte[] bytes, long timeMillis, Rows rows) {
        ConversationCommand command;
        try {
            command = ConversationCommand.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return List.of(Burial.of(key, bytes.length, e));
        }
        return attempt.run(
                rows,
                changed -> run(ConversationId.parse(key), command, timeMillis, changed),
                failure -> Burial.of(key, command, failure));
    }

    @Override
    public List<Effect> refused(String key, byte[] bytes, Throwable failure) {
        try {
            return Burial.of(key, ConversationCommand.parseFrom(bytes), failure);
        } catch (InvalidProtocolBufferException e) {
            return List.of(Burial.of(key, bytes.length, e));
        }
    }

    @Override
    public Duration pace() {
        return told.isEmpty() && !declining && !closing && !behind ? CALM : BUSY;
    }

    @Override
    public List<Effect> tick(long nowMillis, Rows rows) {
        List<Effect> effects = new ArrayList<>();
        part("tell_signals", nowMillis, effects, () -> tellDue(nowMillis, rows, effects));
        part("due", nowMillis, effects, () -> due(nowMillis, rows, effects));
        part(
                "admission_over",
                nowMillis,
                effects,
                () -> admissions
                        .over(AdmissionRows.asking(rows), nowMillis)
                        .forEach(id -> effects.addAll(over(id, ADMISSION_OVER, nowMillis, rows))));
        part("remove_declined", nowMillis, effects, () -> removeDeclined(nowMillis, rows, effects));
        part("close_routes", nowMillis, effects, () -> closeRoutes(nowMillis, rows, effects));
        ticks++;
        return effects;
    }

    /** What finds out who is concerned may fail as well; then the other parts go on. */
    private void part(String name, long nowMillis, List<Effect> effects, Runnable work) {
        attempt.part(parts, name, nowMillis, effects, work);
    }

    private void tellDue(long nowMillis, Rows rows, List<Effect> effects) {
        Set<ConversationId> due = new LinkedHashSet<>(untoldKnown ? secondIsOver() : SignalRows.withUntold(rows));
        untoldKnown = true;
        retries.due(nowMillis).stream()
                .filter(step -> step.command().equals(TELL))
                .forEach(step -> due.add(step.id()));
        due.forEach(id -> effects.addAll(tellRest(id, nowMillis, rows)));
    }

    /** The first of what is due; the rest waits for the next tick, so that others' commands come in between. */
    private void due(long nowMillis, Rows rows, List<Effect> effects) {
        if (!purgesKnown) {
            // An older engine had no row for the time.
            purges.addAll(PurgeRows.withDue(rows));
            purgesKnown = true;
        }
        purges.removeIf(id -> {
            effects.addAll(purge(id, nowMillis, rows));
            return !PurgeRows.hasDue(id, rows);
        });
        int steps = DUE_A_TICK + retries.size();
        List<DueRows.Due> due = DueRows.due(rows, nowMillis, steps);
        due.forEach(one -> effects.addAll(
                one.sweep() ? over(one.id(), SWEEP, nowMillis, rows) : purge(one.id(), nowMillis, rows)));
        behind = due.size() == steps;
    }

    private List<Effect> over(ConversationId id, ConversationCommand command, long nowMillis, Rows rows) {
        return byTime(new Timed(id, command), nowMillis, rows, changed -> run(id, command, nowMillis, changed));
    }

    /** A slice of the routes to nodes that have ended for good. */
    private void closeRoutes(long nowMillis, Rows rows, List<Effect> effects) {
        LifeIndex index = new LifeIndex(rows);
        closing = RouteRows.indexOld(rows, ROUTES_A_TICK);
        int left = ROUTES_A_TICK;
        for (Node life : index.lives()) {
            if (left > 0 && lives.isOver(life.getSlot(), life.getEpoch())) {
                left -= closeRoutes(life, left, index, nowMillis, rows, effects);
            }
        }
        closing |= left <= 0;
    }

    private int closeRoutes(Node life, int limit, LifeIndex index, long nowMillis, Rows rows, List<Effect> effects) {
        ConversationCommand close = ConversationCommand.newBuilder()
                .setDetach(Detach.newBuilder().setNode(life).setOrdinal(Long.MAX_VALUE))
                .build();
        int closed = 0;
        for (String key : index.of(life, limit + retries.size())) {
            ConversationId id = ConversationId.parse(key);
            Timed step = new Timed(id, close);
            if (!retries.isWaiting(step, nowMillis)) {
                effects.addAll(over(id, close, nowMillis, rows));
                closed++;
                if (!retries.isWaiting(step, nowMillis)) {
                    index.remove(life.getSlot(), life.getEpoch(), key);
                }
            }
        }
        return closed;
    }

    /** A slice of each group whose members waited long enough. */
    private void removeDeclined(long nowMillis, Rows rows, List<Effect> effects) {
        declining = false;
        int removed = 0;
        for (ConversationId id : declined.over(AdmissionRows.declined(rows), nowMillis)) {
            if (removed >= DECLINED_A_TICK) {
                declining = true;
                return;
            }
            List<Effect> step = over(id, REMOVE_DECLINED, nowMillis, rows);
            effects.addAll(step);
            removed += 1 + removedBy(step);
            declining |= !step.isEmpty() && AdmissionRows.hasDeclined(id, rows);
        }
    }

    private static int removedBy(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Publish.class::isInstance)
                .mapToInt(effect ->
                        ((Effect.Publish) effect).event().getMembersRemoved().getUsersCount())
                .sum();
    }

    private List<ConversationId> secondIsOver() {
        List<ConversationId> over = told.entrySet().stream()
                .takeWhile(entry -> entry.getValue() <= ticks - TICKS_A_SECOND)
                .map(Map.Entry::getKey)
                .toList();
        over.forEach(told::remove);
        return over;
    }

    private List<Effect> tellRest(ConversationId id, long nowMillis, Rows rows) {
        return byTime(new Timed(id, TELL), nowMillis, rows, changed -> {
            if (new ConversationStore(id, changed).untold().getSerializedSize() == 0) {
                return List.of();
            }
            told.put(id, ticks);
            return run(id, TELL, nowMillis, changed);
        });
    }

    private List<Effect> purge(ConversationId id, long nowMillis, Rows rows) {
        return byTime(
                new Timed(id, PURGE),
                nowMillis,
                rows,
                changed -> new ConversationStore(id, changed).purgeDueMillis() > nowMillis
                        ? List.of()
                        : run(id, PURGE, nowMillis, changed));
    }

    private List<Effect> byTime(Timed timed, long nowMillis, Rows rows, Attempt.Step step) {
        return attempt.run(
                retries,
                timed,
                nowMillis,
                rows,
                step,
                failure -> Burial.of(timed.id().value(), timed.command(), failure));
    }

    /** What is to be told is told with the command that brought it, unless the conversation was told something within the last second. */
    private List<Effect> run(ConversationId id, ConversationCommand command, long timeMillis, Rows rows) {
        ConversationStore store = new ConversationStore(id, rows);
        Decision decision = decide(store, command, timeMillis);
        List<Effect> effects = new ArrayList<>(decision.effects());
        // What cannot be told now is not to take the command with it.
        boolean later = retries.isWaiting(new Timed(id, TELL), timeMillis);
        if (decision.isToBeTold() && !later && told.putIfAbsent(id, ticks) == null) {
            effects.addAll(decide(store, TELL, timeMillis).effects());
        }
        return effects;
    }

    private Decision decide(ConversationStore store, ConversationCommand command, long timeMillis) {
        Decision decision = rules.decide(store, command, timeMillis);
        decision.changes().forEach(store::apply);
        return decision;
    }
}
