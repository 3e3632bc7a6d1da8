package io.parley.bridge.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.audit.Seeds;
import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.LastSession;
import io.parley.bridge.state.Spent;
import io.parley.bridge.user.invitation.InvitationRows;
import io.parley.bridge.user.machine.UserRules;
import io.parley.bridge.user.machine.UserStore;
import io.parley.bridge.user.presence.VisibilityRows;
import io.parley.bridge.user.session.NodeStore;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.SweepUser;
import io.parley.protocol.log.UserCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Random commands to a user with repeats, restarts and dead nodes. */
class UserRandomTest {
    private static final UserId ANN = UserId.parse("ann");
    private static final long GRACE_MILLIS = 10_000;
    private static final int SEEDS = 1000;
    private static final int COMMANDS = 100;
    private static final UserCommand SWEEP = UserCommand.newBuilder()
            .setSweepUser(SweepUser.getDefaultInstance())
            .build();

    @Test
    void any_commands_leave_what_the_last_of_them_said_and_a_state_that_replays() {
        Seeds.play(SEEDS, seed -> new Run(seed).play());
    }

    /** One user's life. */
    private static final class Run {
        private final Random random;
        private final MapRows rows = new MapRows();
        private final List<UserChange> changes = new ArrayList<>();
        private final UserLimits limits;
        private final UserRules rules;
        private final UserModel model;
        /** What the changes were applied to. */
        private final MapRows first = new MapRows();

        private final RandomUserCommands commands;
        private final Map<String, ConversationId> groups = new HashMap<>();
        private UserStore store = new UserStore(ANN, rows);
        private long nowMillis = 1_700_000_000_000L;

        Run(long seed) {
            random = Seeds.random(seed);
            limits = random.nextBoolean()
                    ? UserLimits.defaults()
                    : new UserLimits(
                            random.nextBoolean(),
                            3,
                            2,
                            2,
                            3,
                            1,
                            32,
                            new ConsentLimits(random.nextInt(3) > 0, 2, Duration.ofMinutes(30)),
                            Duration.ofHours(1));
            rules = new UserRules(GRACE_MILLIS, limits);
            model = new UserModel(GRACE_MILLIS, limits);
            // With few devices they are taken over often, with many some are too many.
            commands = new RandomUserCommands(random, random.nextBoolean() ? 3 : 30);
        }

        void play() {
            int olderUntil = random.nextInt(3) == 0 ? random.nextInt(COMMANDS) : COMMANDS;
            for (int i = 0; i < COMMANDS; i++) {
                if (i == olderUntil) {
                    anOlderEngineHadTheUser();
                }
                nowMillis += random.nextInt(4000);
                step(commands.next());
                if (random.nextInt(30) == 0) {
                    nowMillis += Duration.ofMinutes(20).toMillis();
                    groups.clear();
                    store = new UserStore(ANN, rows);
                }
            }
            nowMillis += GRACE_MILLIS;
            step(RandomUserCommands.graceOver());
            assertThat(VisibilityRows.withGrace(rows))
                    .as("nothing is due any more")
                    .isEmpty();
            theEndedSessionsAreForgotten();
            windowsAreOver();
            replayedStateEqualsLiveState();
        }

        /** Its rows say nothing of what moved. */
        private void anOlderEngineHadTheUser() {
            rows.keys("m|").forEach(rows::delete);
            for (String key : rows.keys("l|")) {
                rows.put(
                        key,
                        LastSession.newBuilder()
                                .setSession(store.lastSession())
                                .build()
                                .toByteArray());
            }
            model.nothingIsKnownOfWhatMoved();
            changes.clear();
            for (String key : rows.keys("")) {
                byte[] row = rows.get(key);
                if (row != null) {
                    first.put(key, row);
                }
            }
            model.matches(store);
        }

        private void theEndedSessionsAreForgotten() {
            // Longer than any session lasts, and a slice for each that ended.
            nowMillis += Duration.ofDays(31).toMillis();
            step(RandomUserCommands.sessionsOver());
            for (int slice = 0; slice < 2 * COMMANDS && !store.ended().isEmpty(); slice++) {
                step(RandomUserCommands.sessionsOver());
            }
            assertThat(store.ended()).isEmpty();
            step(RandomUserCommands.invitationsOver());
            assertThat(rows.keys("i")).as("no invitation is left").isEmpty();
            assertThat(new NodeStore(rows).all())
                    .as("no row of a user is one of a node")
                    .isEmpty();
            model.everySessionThatEndedIsForgotten();
            assertThat(rows.keys("w|")).isEmpty();
            Map<String, Device> devices = store.devices();
            assertThat(devices.values()).as("only who is connected is left").allMatch(Connections::isConnected);
            assertThat(rows.keys("e|")).isEmpty();
            assertThat(rows.keys("p|")).isEmpty();
            assertThat(rows.keys("f|ann|")).allMatch(key -> {
                String[] parts = key.split("\\|", 5);
                Device device = devices.get(parts[2]);
                return device != null && parts[3].equals(String.valueOf(device.getSession()));
            });
        }

        private void step(UserCommand command) {
            UserDecision decision = rules.decide(store, command, nowMillis);
            decision.changes().forEach(store::apply);
            changes.addAll(decision.changes());
            model.take(command, decision.effects(), nowMillis);
            decision.effects().forEach(effect -> {
                if (effect instanceof Effect.Deliver deliver
                        && deliver.delivery().hasSessionOpened()) {
                    commands.opened(deliver.delivery().getSessionOpened());
                }
            });
            if (!decision.changes().isEmpty()) {
                model.matches(store);
                store.devices()
                        .forEach((name, device) -> assertThat(
                                        store.filters(name, device.getSession()).count())
                                .as("filters of %s", name)
                                .isEqualTo(rows.keys("f|ann|" + name + "|" + device.getSession() + "|")
                                        .size()));
            }
            assertThat(InvitationRows.due(rows, nowMillis, 9).isEmpty())
                    .as("who has an invitation that is over is found")
                    .isEqualTo(store.invitations().values().stream()
                            .noneMatch(invitation -> invitation.getUntilMillis() <= nowMillis));
            connectionsAreFoundByTheirNodes();
            if (command.hasOpenGroup() && model.mayFound()) {
                aRequestMakesOneGroup(command, decision);
            } else if (command.hasEraseUser()) {
                groups.clear();
            }
        }

        private void connectionsAreFoundByTheirNodes() {
            List<String> all = new ArrayList<>();
            store.devices().forEach((name, device) -> {
                if (Connections.isConnected(device)) {
                    all.add(device.getSlot() + "|" + device.getEpoch() + "|" + name);
                }
                if (device.hasNewcomer()) {
                    all.add(device.getNewcomer().getSlot() + "|"
                            + device.getNewcomer().getEpoch() + "|" + name);
                }
            });
            assertThat(rows.keys("C|"))
                    .as("connections by the lives of nodes")
                    .extracting(key -> {
                        String[] parts = key.split("\\|", 5);
                        return Integer.parseInt(parts[1]) + "|" + Long.parseLong(parts[2]) + "|" + parts[4];
                    })
                    .containsExactlyInAnyOrderElementsOf(new TreeSet<>(all));
        }

        /** An hour after the last of it nothing is left of what is counted by the hour, and of mutes that ended. */
        private void windowsAreOver() {
            nowMillis += Duration.ofHours(2).plus(limits.longestTokenLife()).toMillis();
            step(SWEEP);
            assertThat(store.spent()).isEqualTo(Spent.getDefaultInstance());
            assertThat(store.groupRequests().getRequestsCount()).isZero();
            assertThat(rows.keys("s|")).isEmpty();
            assertThat(rows.keys("q|")).isEmpty();
            assertThat(rows.keys("E|")).isEmpty();
            assertThat(WindowRows.over(rows, nowMillis, 9)).isEmpty();
        }

        private void aRequestMakesOneGroup(UserCommand command, UserDecision decision) {
            List<ConversationId> asked = decision.effects().stream()
                    .filter(effect -> effect instanceof Effect.TellConversation tell
                            && tell.command().hasCreateGroup())
                    .map(effect -> ((Effect.TellConversation) effect).conversation())
                    .toList();
            String request = command.getOrigin().getDevice()
                    + " "
                    + command.getRequestId()
                    + command.getOpenGroup().getGroup();
            assertThat(asked).hasSize(1);
            assertThat(groups.merge(request, asked.get(0), (before, again) -> before))
                    .as("the same request of a device within ten minutes is about the same group")
                    .isEqualTo(asked.get(0));
        }

        private void replayedStateEqualsLiveState() {
            MapRows replayed = first;
            UserStore copy = new UserStore(ANN, replayed);
            changes.forEach(copy::apply);
            assertThat(replayed.content()).isEqualTo(rows.content());
        }
    }
}
