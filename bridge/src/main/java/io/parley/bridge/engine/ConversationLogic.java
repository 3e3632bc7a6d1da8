package io.parley.bridge.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Effect;
import io.parley.bridge.Rows;
import io.parley.bridge.conversation.ConversationRules;
import io.parley.bridge.conversation.ConversationStore;
import io.parley.bridge.conversation.Decision;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.PurgeDelivered;
import io.parley.protocol.log.TellSignals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The conversations of one partition. */
final class ConversationLogic implements Machine.Logic {
    private static final ConversationCommand TELL = ConversationCommand.newBuilder()
            .setTellSignals(TellSignals.getDefaultInstance())
            .build();

    private static final ConversationCommand PURGE = ConversationCommand.newBuilder()
            .setPurgeDelivered(PurgeDelivered.getDefaultInstance())
            .build();

    private static final int TICKS_A_SECOND = 10;
    private static final Duration CALM = Duration.ofSeconds(1);
    private static final Duration BUSY = CALM.dividedBy(TICKS_A_SECOND);

    private final ConversationRules rules;
    /** The conversations whose devices were told something within the last second, and at which tick, the earliest first. Not kept. */
    private final Map<ConversationId, Long> told = new LinkedHashMap<>();

    private long ticks;

    ConversationLogic(ConversationRules rules) {
        this.rules = rules;
    }

    @Override
    public List<Effect> run(String key, byte[] command, long timeMillis, Rows rows)
            throws InvalidProtocolBufferException {
        return run(ConversationId.parse(key), ConversationCommand.parseFrom(command), timeMillis, rows);
    }

    @Override
    public Duration pace() {
        return told.isEmpty() ? CALM : BUSY;
    }

    @Override
    public List<Effect> tick(long nowMillis, Rows rows) {
        List<ConversationId> due = ticks == 0 ? ConversationStore.untold(rows) : secondIsOver();
        List<Effect> effects = new ArrayList<>();
        due.forEach(id -> effects.addAll(tellRest(id, nowMillis, rows)));
        ConversationStore.purgeDue(rows, nowMillis).forEach(id -> effects.addAll(run(id, PURGE, nowMillis, rows)));
        ticks++;
        return effects;
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
        if (!new ConversationStore(id, rows).hasUntold()) {
            return List.of();
        }
        told.put(id, ticks);
        return run(id, TELL, nowMillis, rows);
    }

    /** What is to be told is told with the command that brought it, unless the conversation was told something within the last second. */
    private List<Effect> run(ConversationId id, ConversationCommand command, long timeMillis, Rows rows) {
        CommandRows changed = new CommandRows(rows);
        ConversationStore store = new ConversationStore(id, changed);
        Decision decision = decide(store, command, timeMillis);
        List<Effect> effects = new ArrayList<>(decision.effects());
        if (decision.isToBeTold() && told.putIfAbsent(id, ticks) == null) {
            effects.addAll(decide(store, TELL, timeMillis).effects());
        }
        changed.flush();
        return effects;
    }

    private Decision decide(ConversationStore store, ConversationCommand command, long timeMillis) {
        Decision decision = rules.decide(store, command, timeMillis);
        decision.changes().forEach(store::apply);
        return decision;
    }
}
