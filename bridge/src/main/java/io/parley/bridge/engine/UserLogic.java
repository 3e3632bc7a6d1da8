package io.parley.bridge.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Effect;
import io.parley.bridge.Rows;
import io.parley.bridge.user.NodeStore;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserRules;
import io.parley.bridge.user.UserStore;
import io.parley.protocol.UserId;
import io.parley.protocol.log.GraceOver;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.NodeGone;
import io.parley.protocol.log.SessionsOver;
import io.parley.protocol.log.UserCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The users of one partition. Every partition hears every node's heartbeats, since any of its users may be there. */
final class UserLogic implements Machine.Logic {
    private static final UserCommand GRACE_OVER = UserCommand.newBuilder()
            .setGraceOver(GraceOver.getDefaultInstance())
            .build();

    private static final UserCommand SESSIONS_OVER = UserCommand.newBuilder()
            .setSessionsOver(SessionsOver.getDefaultInstance())
            .build();

    /** The most users whose sessions end, are taken over, or are forgotten within one tick. */
    private static final int USERS_A_TICK = 200;

    /** When so many have gathered, whose conversations forget a session waits for the next tick. */
    private static final int ENDINGS_A_TICK = 2_000;

    /** When so many have gathered, who else is offline waits for the next tick: one transaction has to carry them. */
    private static final int EFFECTS_A_TICK = 10_000;

    private final UserRules rules;
    private final NodeWatch nodes = new NodeWatch();
    private boolean remembered;

    UserLogic(UserRules rules) {
        this.rules = rules;
    }

    @Override
    public List<Effect> run(String key, byte[] bytes, long timeMillis, Rows rows)
            throws InvalidProtocolBufferException {
        UserCommand command = UserCommand.parseFrom(bytes);
        if (command.hasNodeAlive()) {
            Node node = command.getNodeAlive().getNode();
            if (!nodes.alive(node)) {
                return List.of();
            }
            new NodeStore(rows).add(node);
            return gone(NodeWatch.lifeBefore(node), timeMillis, rows);
        }
        return run(UserId.parse(key), command, timeMillis, rows);
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(1);
    }

    @Override
    public List<Effect> tick(long nowMillis, Rows rows) {
        List<Effect> effects = new ArrayList<>();
        remember(rows);
        for (Node node : nodes.tick()) {
            new NodeStore(rows).remove(node);
            effects.addAll(gone(node, nowMillis, rows));
        }
        Iterator<UserId> due = UserStore.due(rows, nowMillis).iterator();
        while (due.hasNext() && effects.size() < EFFECTS_A_TICK) {
            effects.addAll(run(due.next(), GRACE_OVER, nowMillis, rows));
        }
        effects.addAll(sessionsOver(nowMillis, rows));
        return effects;
    }

    private List<Effect> sessionsOver(long nowMillis, Rows rows) {
        List<Effect> effects = new ArrayList<>();
        Iterator<UserId> due =
                UserStore.sessionsDue(rows, nowMillis, USERS_A_TICK).iterator();
        while (due.hasNext() && effects.size() < ENDINGS_A_TICK) {
            effects.addAll(run(due.next(), SESSIONS_OVER, nowMillis, rows));
        }
        return effects;
    }

    /** A node that died while this engine was down says nothing more, and must be missed. */
    private void remember(Rows rows) {
        if (!remembered) {
            remembered = true;
            new NodeStore(rows).all().forEach(nodes::known);
        }
    }

    private List<Effect> gone(Node node, long nowMillis, Rows rows) {
        UserCommand gone = UserCommand.newBuilder()
                .setNodeGone(NodeGone.newBuilder().setNode(node))
                .build();
        List<Effect> effects = new ArrayList<>();
        UserStore.at(rows, node).forEach(user -> effects.addAll(run(user, gone, nowMillis, rows)));
        return effects;
    }

    private List<Effect> run(UserId user, UserCommand command, long timeMillis, Rows rows) {
        UserStore store = new UserStore(user, rows);
        UserDecision decision = rules.decide(store, command, timeMillis);
        decision.changes().forEach(store::apply);
        return decision.effects();
    }
}
