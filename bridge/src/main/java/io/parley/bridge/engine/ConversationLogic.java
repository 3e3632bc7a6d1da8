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
import java.util.List;

/** The conversations of one partition. */
final class ConversationLogic implements Machine.Logic {
    private static final ConversationCommand TELL = ConversationCommand.newBuilder()
            .setTellSignals(TellSignals.getDefaultInstance())
            .build();

    private static final ConversationCommand PURGE = ConversationCommand.newBuilder()
            .setPurgeDelivered(PurgeDelivered.getDefaultInstance())
            .build();

    private static final long PACE_MILLIS = 1000 / ConversationStore.TURNS;

    private final ConversationRules rules;
    private long lastTurn;

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
        return Duration.ofMillis(PACE_MILLIS);
    }

    /** Each conversation is told once a second, but not all at the same time. */
    @Override
    public List<Effect> tick(long nowMillis, Rows rows) {
        List<Effect> effects = new ArrayList<>();
        long now = nowMillis / PACE_MILLIS;
        for (long turn = Math.max(lastTurn + 1, now - ConversationStore.TURNS + 1); turn <= now; turn++) {
            ConversationStore.untold(rows, (int) (turn % ConversationStore.TURNS))
                    .forEach(id -> effects.addAll(run(id, TELL, nowMillis, rows)));
        }
        lastTurn = now;
        ConversationStore.purgeDue(rows, nowMillis).forEach(id -> effects.addAll(run(id, PURGE, nowMillis, rows)));
        return effects;
    }

    private List<Effect> run(ConversationId id, ConversationCommand command, long timeMillis, Rows rows) {
        ConversationStore store = new ConversationStore(id, rows);
        Decision decision = rules.decide(store, command, timeMillis);
        decision.changes().forEach(store::apply);
        return decision.effects();
    }
}
