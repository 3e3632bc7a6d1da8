package io.parley.bridge.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Effect;
import io.parley.bridge.LifeIndex;
import io.parley.bridge.Rows;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.WindowRows;
import io.parley.bridge.user.invitation.InvitationRows;
import io.parley.bridge.user.machine.UserRules;
import io.parley.bridge.user.machine.UserStore;
import io.parley.bridge.user.presence.VisibilityRows;
import io.parley.bridge.user.push.PushRows;
import io.parley.bridge.user.push.TokenDirectory;
import io.parley.bridge.user.session.NodeStore;
import io.parley.bridge.user.session.SessionRows;
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
import io.parley.protocol.log.SweepUser;
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

    private static final UserCommand SWEEP = UserCommand.newBuilder()
            .setSweepUser(SweepUser.getDefaultInstance())
            .build();

    private static final int TICKS_A_SECOND = 10;
    private static final Duration CALM = Duration.ofSeconds(1);
    private static final Duration BUSY = CALM.dividedBy(TICKS_A_SECOND);

    /** The most users whose connections of dead nodes end within one step, and the most sessions of old rows that are indexed. */
    private static final int GONE_A_STEP = 200;

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
    private final Lives lives;
    private boolean remembered;
    /** Whether connections of dead nodes wait for the next step. */
    private boolean busy;

    private int busyTicks;

    /** @param lives which nodes have ended for good */
    UserLogic(UserRules rules, Lives lives, Refusals refusals) {
        this(rules::decide, lives, refusals);
    }

    UserLogic(Deciding rules, Lives lives, Refusals refusals) {
        this.rules = rules;
        this.lives = lives;
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
        List<Effect> effects = new ArrayList<>();
        // By itself: the node is to announce its connections, whatever becomes of those of its life before.
        part("node_alive " + node.getSlot(), timeMillis, effects, () -> {
            new NodeStore(rows).add(node);
            gone(timeMillis, rows, effects);
        });
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
        return busy ? BUSY : CALM;
    }

    @Override
    public List<Effect> tick(long nowMillis, Rows rows) {
        List<Effect> effects = new ArrayList<>();
        if (busy && ++busyTicks % TICKS_A_SECOND != 0) {
            part("node_gone", nowMillis, effects, () -> gone(nowMillis, rows, effects));
            return effects;
        }
        effects.addAll(remember(nowMillis, rows));
        nodes.tick();
        part("node_gone", nowMillis, effects, () -> gone(nowMillis, rows, effects));
        part("grace_over", nowMillis, effects, () -> graceOver(nowMillis, rows, effects));
        part("sessions_over", nowMillis, effects, () -> effects.addAll(sessionsOver(nowMillis, rows)));
        part(
                "push_due",
                nowMillis,
                effects,
                () -> PushRows.due(rows, nowMillis, USERS_A_TICK + retries.size())
                        .forEach(user -> effects.addAll(byTime(user, PUSH_DUE, nowMillis, rows))));
        part(
                "invitations_over",
                nowMillis,
                effects,
                () -> InvitationRows.due(rows, nowMillis, USERS_A_TICK + retries.size())
                        .forEach(user -> effects.addAll(byTime(user, INVITATIONS_OVER, nowMillis, rows))));
        part(
                "sweep",
                nowMillis,
                effects,
                () -> WindowRows.over(rows, nowMillis, USERS_A_TICK + retries.size())
                        .forEach(user -> effects.addAll(byTime(user, SWEEP, nowMillis, rows))));
        return effects;
    }

    /** What finds out who is concerned may fail as well; then the other parts go on. */
    private void part(String name, long nowMillis, List<Effect> effects, Runnable work) {
        attempt.part(reading, name, nowMillis, effects, work);
    }

    private void graceOver(long nowMillis, Rows rows, List<Effect> effects) {
        Iterator<UserId> due = VisibilityRows.withGrace(rows).iterator();
        while (due.hasNext() && effects.size() < EFFECTS_A_TICK) {
            effects.addAll(byTime(due.next(), GRACE_OVER, nowMillis, rows));
        }
    }

    /**
     * A slice of the connections of nodes that are gone. A node that was taken for dead by mistake announces its connections when it is heard again: no
     * more of them are taken for gone from then on.
     */
    private void gone(long nowMillis, Rows rows, List<Effect> effects) {
        LifeIndex index = new LifeIndex(rows);
        busy = SessionRows.indexOld(rows, GONE_A_STEP);
        int left = GONE_A_STEP;
        for (Node life : index.lives()) {
            if (nodes.isGone(life) || lives.isOver(life.getSlot(), life.getEpoch())) {
                left -= gone(life, left, index, nowMillis, rows, effects);
            }
        }
        busy |= left <= 0;
        new NodeStore(rows)
                .all().stream()
                        .filter(node -> nodes.isGone(node) && index.of(node, 1).isEmpty())
                        .forEach(new NodeStore(rows)::remove);
    }

    /** Returns how many users there were, at most so many. */
    private int gone(Node life, int limit, LifeIndex index, long nowMillis, Rows rows, List<Effect> effects) {
        if (limit <= 0) {
            return 0;
        }
        UserCommand gone = UserCommand.newBuilder()
                .setNodeGone(NodeGone.newBuilder().setNode(life))
                .build();
        int users = 0;
        for (String connection : index.of(life, limit + retries.size())) {
            UserId user = UserStore.userOf(connection);
            Timed step = new Timed(user, gone);
            if (!retries.isWaiting(step, nowMillis)) {
                // Each by itself: what one user's rows lack is not the others' loss.
                effects.addAll(byTime(user, gone, nowMillis, rows));
                users++;
                if (!retries.isWaiting(step, nowMillis)) {
                    index.remove(life.getSlot(), life.getEpoch(), connection);
                }
            }
        }
        return users;
    }

    private List<Effect> sessionsOver(long nowMillis, Rows rows) {
        List<Effect> effects = new ArrayList<>();
        Iterator<UserId> due =
                SessionRows.due(rows, nowMillis, USERS_A_TICK + retries.size()).iterator();
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

    private List<Effect> run(UserId user, UserCommand command, long timeMillis, Rows rows) {
        UserStore store = new UserStore(user, rows);
        UserDecision decision = rules.decide(store, command, timeMillis);
        decision.changes().forEach(store::apply);
        return decision.effects();
    }
}
