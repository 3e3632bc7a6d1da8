package io.parley.bridge.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Effect;
import io.parley.bridge.Rows;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.conversation.machine.ConversationStore;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.AdmissionOver;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.PurgeDelivered;
import io.parley.protocol.log.RemoveDeclined;
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

    /** When so many members who declined were removed within one tick, the next ones wait for the next tick: others' commands come in between. */
    private static final int DECLINED_A_TICK = 64;

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
    /** The conversations whose devices were told something within the last second, and at which tick, the earliest first. Not kept. */
    private final Map<ConversationId, Long> told = new LinkedHashMap<>();

    private final Deadlines admissions;
    private final Deadlines declined = new Deadlines(CALM);

    private long ticks;
    /** Whether members who declined, and have waited long enough, wait for the next tick. */
    private boolean declining;

    /** @param admissionWait how long a conversation of two remembers that it asks whether it may begin, or may */
    ConversationLogic(ConversationRules rules, Duration admissionWait, Refusals refusals) {
        this(rules::decide, admissionWait, refusals);
    }

    ConversationLogic(Deciding rules, Duration admissionWait, Refusals refusals) {
        this.rules = rules;
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
        return told.isEmpty() && !declining ? CALM : BUSY;
    }

    @Override
    public List<Effect> tick(long nowMillis, Rows rows) {
        Set<ConversationId> due = new LinkedHashSet<>(ticks == 0 ? ConversationStore.untold(rows) : secondIsOver());
        retries.due(nowMillis).stream()
                .filter(step -> step.command().equals(TELL))
                .forEach(step -> due.add(step.id()));
        List<Effect> effects = new ArrayList<>();
        due.forEach(id -> effects.addAll(tellRest(id, nowMillis, rows)));
        ConversationStore.withPurgeDue(rows).forEach(id -> effects.addAll(purge(id, nowMillis, rows)));
        admissions
                .over(ConversationStore.asking(rows), nowMillis)
                .forEach(id -> effects.addAll(over(id, ADMISSION_OVER, nowMillis, rows)));
        removeDeclined(nowMillis, rows, effects);
        ticks++;
        return effects;
    }

    private List<Effect> over(ConversationId id, ConversationCommand command, long nowMillis, Rows rows) {
        return byTime(new Timed(id, command), nowMillis, rows, changed -> run(id, command, nowMillis, changed));
    }

    /** A slice of each group whose members waited long enough. */
    private void removeDeclined(long nowMillis, Rows rows, List<Effect> effects) {
        declining = false;
        int removed = 0;
        for (ConversationId id : declined.over(ConversationStore.withDeclined(rows), nowMillis)) {
            if (removed >= DECLINED_A_TICK) {
                declining = true;
                return;
            }
            List<Effect> step = over(id, REMOVE_DECLINED, nowMillis, rows);
            effects.addAll(step);
            removed += 1 + removedBy(step);
            declining |= !step.isEmpty() && ConversationStore.hasDeclined(id, rows);
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
            if (!new ConversationStore(id, changed).hasUntold()) {
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
