package io.parley.bridge.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Effect;
import io.parley.bridge.Rows;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.machine.UserRules;
import io.parley.bridge.user.machine.UserStore;
import io.parley.bridge.user.push.TokenDirectory;
import io.parley.bridge.user.session.NodeStore;
import io.parley.protocol.LogTopics;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.GraceOver;
import io.parley.protocol.log.InvitationsOver;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.NodeGone;
import io.parley.protocol.log.NodeHeard;
import io.parley.protocol.log.PushDue;
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

    private static final UserCommand PUSH_DUE =
            UserCommand.newBuilder().setPushDue(PushDue.getDefaultInstance()).build();

    private static final UserCommand INVITATIONS_OVER = UserCommand.newBuilder()
            .setInvitationsOver(InvitationsOver.getDefaultInstance())
            .build();

    /** The most users whose sessions end, are taken over, or are forgotten within one tick. */
    private static final int USERS_A_TICK = 200;

    /** When so many have gathered, whose conversations forget a session waits for the next tick. */
    private static final int ENDINGS_A_TICK = 2_000;

    /** When so many have gathered, who else is offline waits for the next tick: one transaction has to carry them. */
    private static final int EFFECTS_A_TICK = 10_000;

    /** What time brings to a user. */
    private record Timed(UserId user, UserCommand command) {}

    /** What follows from a command; the rules. */
    interface Deciding {
        UserDecision decide(UserState state, UserCommand command, long nowMillis);
    }

    private final Deciding rules;
    private final Attempt attempt;
    private final Retries<Timed> retries = new Retries<>();
    private final Retries<String> reading = new Retries<>();

    private final NodeWatch nodes = new NodeWatch();
    private boolean remembered;

    UserLogic(UserRules rules, Refusals refusals) {
        this(rules::decide, refusals);
    }

    UserLogic(Deciding rules, Refusals refusals) {
        this.rules = rules;
        this.attempt = new Attempt(refusals);
    }

    @Override
    public List<Effect> run(String key, byte[] bytes, long timeMillis, Rows rows) {
        UserCommand command;
        try {
            command = UserCommand.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return List.of(Burial.of(key, bytes.length, e));
        }
        if (command.hasNodeAlive()) {
            return alive(command.getNodeAlive().getNode(), timeMillis, rows);
        }
        return attempt.run(
                rows,
                changed -> TokenDirectory.isKey(key)
                        ? new TokenDirectory(key, changed).run(command)
                        : run(UserId.parse(key), command, timeMillis, changed),
                failure -> Burial.of(key, command, failure));
    }

    @Override
    public List<Effect> refused(String key, byte[] bytes, Throwable failure) {
        try {
            return Burial.of(key, UserCommand.parseFrom(bytes), failure);
        } catch (InvalidProtocolBufferException e) {
            return List.of(Burial.of(key, bytes.length, e));
        }
    }

    private List<Effect> alive(Node node, long timeMillis, Rows rows) {
        if (!nodes.alive(node)) {
            return List.of();
        }
        new NodeStore(rows).add(node);
        List<Effect> effects = gone(NodeWatch.lifeBefore(node), timeMillis, rows);
        effects.add(new Effect.Deliver(
                node.getSlot(),
                LogTopics.ALL_USERS,
                Delivery.newBuilder()
                        .setEpoch(node.getEpoch())
                        .setNodeHeard(NodeHeard.getDefaultInstance())
                        .build()));
        return effects;
    }

    @Override
    public Duration pace() {
        return Duration.ofSeconds(1);
    }

    @Override
    public List<Effect> tick(long nowMillis, Rows rows) {
        List<Effect> effects = new ArrayList<>();
        effects.addAll(remember(nowMillis, rows));
        retries.due(nowMillis).stream()
                .filter(step -> step.command().hasNodeGone())
                .forEach(step -> effects.addAll(goneStill(step, nowMillis, rows)));
        for (Node node : nodes.tick()) {
            new NodeStore(rows).remove(node);
            effects.addAll(gone(node, nowMillis, rows));
        }
        Iterator<UserId> due = UserStore.withGrace(rows).iterator();
        while (due.hasNext() && effects.size() < EFFECTS_A_TICK) {
            effects.addAll(byTime(due.next(), GRACE_OVER, nowMillis, rows));
        }
        effects.addAll(sessionsOver(nowMillis, rows));
        UserStore.pushDue(rows, nowMillis, USERS_A_TICK + retries.size())
                .forEach(user -> effects.addAll(byTime(user, PUSH_DUE, nowMillis, rows)));
        UserStore.invitationsDue(rows, nowMillis, USERS_A_TICK + retries.size())
                .forEach(user -> effects.addAll(byTime(user, INVITATIONS_OVER, nowMillis, rows)));
        return effects;
    }

    /** A node that was taken for dead by mistake has announced its connections by now: they must not be taken for gone late. */
    private List<Effect> goneStill(Timed step, long nowMillis, Rows rows) {
        if (nodes.isHeard(step.command().getNodeGone().getNode())) {
            retries.succeeded(step);
            return List.of();
        }
        return byTime(step.user(), step.command(), nowMillis, rows);
    }

    private List<Effect> sessionsOver(long nowMillis, Rows rows) {
        List<Effect> effects = new ArrayList<>();
        Iterator<UserId> due = UserStore.sessionsDue(rows, nowMillis, USERS_A_TICK + retries.size())
                .iterator();
        while (due.hasNext() && effects.size() < ENDINGS_A_TICK) {
            effects.addAll(byTime(due.next(), SESSIONS_OVER, nowMillis, rows));
        }
        return effects;
    }

    /** A node that died while this engine was down says nothing more, and must be missed. */
    private List<Effect> remember(long nowMillis, Rows rows) {
        if (remembered) {
            return List.of();
        }
        return attempt.run(
                reading,
                LogTopics.ALL_USERS,
                nowMillis,
                rows,
                unchanged -> {
                    new NodeStore(unchanged).all().forEach(nodes::known);
                    remembered = true;
                    return List.of();
                },
                failure -> List.of(Burial.of(LogTopics.ALL_USERS, 0, failure)));
    }

    private List<Effect> byTime(UserId user, UserCommand command, long nowMillis, Rows rows) {
        return attempt.run(
                retries,
                new Timed(user, command),
                nowMillis,
                rows,
                changed -> run(user, command, nowMillis, changed),
                failure -> Burial.of(user.value(), command, failure));
    }

    private List<Effect> gone(Node node, long nowMillis, Rows rows) {
        UserCommand gone = UserCommand.newBuilder()
                .setNodeGone(NodeGone.newBuilder().setNode(node))
                .build();
        List<Effect> effects = new ArrayList<>();
        // Each by itself: what one user's rows lack is not the others' loss.
        UserStore.withDevices(rows).forEach(user -> effects.addAll(byTime(user, gone, nowMillis, rows)));
        return effects;
    }

    private List<Effect> run(UserId user, UserCommand command, long timeMillis, Rows rows) {
        UserStore store = new UserStore(user, rows);
        UserDecision decision = rules.decide(store, command, timeMillis);
        decision.changes().forEach(store::apply);
        return decision.effects();
    }
}
