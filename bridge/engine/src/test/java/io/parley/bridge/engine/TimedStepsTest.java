package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.machine.ConversationStore;
import io.parley.bridge.conversation.signal.SignalRows;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.Untold;
import io.parley.bridge.state.Visibility;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.machine.UserStore;
import io.parley.bridge.user.presence.VisibilityRows;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.DeadLetter;
import io.parley.protocol.log.DeadLetterKind;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.NodeAlive;
import io.parley.protocol.log.UserCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step that time brings and that fails is tried again, later each time, and nobody else waits for it. */
final class TimedStepsTest {
    private static final String BROKEN = "broken";
    private static final String SOUND = "sound";
    private static final int FAILURES = 2;

    private final MapRows rows = new MapRows();
    /** When each user or conversation was tried, in seconds. */
    private final Map<String, List<Integer>> tried = new HashMap<>();

    private final List<DeadLetter> buried = new ArrayList<>();
    private int second;

    @Test
    void a_users_step_is_tried_again_after_one_and_after_two_seconds() {
        UserLogic logic = new UserLogic(
                (state, command, now) -> {
                    attempted(state.id().value());
                    return new UserDecision(
                            List.of(new UserChange.VisibilityChanged(Visibility.getDefaultInstance())), List.of());
                },
                Lives.UNKNOWN,
                new Refusals());
        for (String user : List.of(BROKEN, SOUND)) {
            new UserStore(UserId.parse(user), rows)
                    .apply(new UserChange.VisibilityChanged(
                            Visibility.newBuilder().setDueMillis(1).build()));
        }

        run(logic, 10);

        assertThat(tried.get(SOUND)).containsExactly(0);
        assertThat(tried.get(BROKEN)).containsExactly(0, 1, 3);
        assertThat(buried).extracting(DeadLetter::getCommand).containsExactly("grace_over", "grace_over");
        assertThat(VisibilityRows.withGrace(rows)).isEmpty();
    }

    @Test
    void what_the_end_of_a_node_brings_a_user_is_tried_again() {
        Node node = Node.newBuilder().setSlot(0).setEpoch(5).build();
        UserChange gone = new UserChange.DeviceSeen(
                "phone", Device.newBuilder().setSession(1).build());
        UserLogic logic = new UserLogic(
                (state, command, now) -> {
                    attempted(state.id().value());
                    return new UserDecision(List.of(gone), List.of());
                },
                Lives.UNKNOWN,
                new Refusals());
        for (String user : List.of(BROKEN, SOUND)) {
            new UserStore(UserId.parse(user), rows)
                    .apply(new UserChange.DeviceSeen(
                            "phone",
                            Device.newBuilder()
                                    .setSession(1)
                                    .setEpoch(4)
                                    .setConnection(1)
                                    .build()));
        }
        UserCommand alive = UserCommand.newBuilder()
                .setNodeAlive(NodeAlive.newBuilder().setNode(node))
                .build();
        take(logic.run("", alive.toByteArray(), 0, rows));

        run(logic, 8);

        assertThat(buried).extracting(DeadLetter::getCommand).containsExactly("node_gone", "node_gone");
        assertThat(tried.get(BROKEN)).hasSize(FAILURES + 1);
        assertThat(tried.get(SOUND)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_end_of_a_node_is_not_tried_again_when_the_node_is_heard(boolean heard) {
        Node node = Node.newBuilder().setSlot(0).setEpoch(5).build();
        UserLogic logic = new UserLogic(
                (state, command, now) -> {
                    if (command.getNodeGone().getNode().equals(node)) {
                        tried.computeIfAbsent(BROKEN, key -> new ArrayList<>()).add(second);
                        throw new IllegalStateException("on purpose");
                    }
                    return new UserDecision(List.of(), List.of());
                },
                Lives.UNKNOWN,
                new Refusals());
        byte[] alive = UserCommand.newBuilder()
                .setNodeAlive(NodeAlive.newBuilder().setNode(node))
                .build()
                .toByteArray();
        take(logic.run("", alive, 0, rows));
        new UserStore(UserId.parse(BROKEN), rows)
                .apply(new UserChange.DeviceSeen(
                        "phone",
                        Device.newBuilder()
                                .setSession(1)
                                .setEpoch(5)
                                .setConnection(1)
                                .build()));
        run(logic, 0, 10);
        assertThat(tried.get(BROKEN)).as("ten silent seconds").containsExactly(9);

        if (heard) {
            take(logic.run("", alive, 0, rows));
        }
        run(logic, 10, 18);

        assertThat(tried.get(BROKEN)).hasSize(heard ? 1 : 4);
    }

    @Test
    void a_conversations_step_is_tried_again_and_tells_what_was_not_told() {
        ConversationLogic logic = new ConversationLogic(
                (state, command, now) -> {
                    attempted(state.id().value());
                    return new Decision(List.of(new Change.UntoldSet(Untold.getDefaultInstance())), List.of());
                },
                Duration.ofSeconds(60),
                Lives.UNKNOWN,
                new Refusals());
        for (String id : List.of(BROKEN, SOUND)) {
            new ConversationStore(ConversationId.parse("ann~" + id), rows)
                    .apply(new Change.UntoldSet(
                            Untold.newBuilder().addPointers("ann").build()));
        }

        run(logic, 10);

        assertThat(tried.get("ann~" + SOUND)).containsExactly(0);
        assertThat(tried.get("ann~" + BROKEN)).containsExactly(0, 1, 3);
        assertThat(buried).extracting(DeadLetter::getCommand).containsExactly("tell_signals", "tell_signals");
        assertThat(SignalRows.withUntold(rows)).isEmpty();
    }

    @Test
    void a_part_of_a_tick_that_cannot_find_out_whom_it_concerns_holds_up_no_other() {
        // No conversation has such a name: who lists the keys cannot read it.
        rows.put("u|NO NAME", new byte[0]);
        rows.put("y|ann~sound", new byte[] {-1});
        ConversationLogic logic = new ConversationLogic(
                (state, command, now) -> new Decision(List.of(), List.of()),
                Duration.ofSeconds(60),
                Lives.UNKNOWN,
                new Refusals());

        run(logic, 2);

        assertThat(buried)
                .extracting(DeadLetter::getKind, DeadLetter::getCommand)
                .as("the one part, and what comes after it")
                .containsExactly(
                        tuple(DeadLetterKind.COMMAND_INVALID, ""),
                        tuple(DeadLetterKind.ROW_UNREADABLE, "purge_delivered"),
                        tuple(DeadLetterKind.COMMAND_INVALID, ""),
                        tuple(DeadLetterKind.ROW_UNREADABLE, "purge_delivered"));
    }

    @Test
    void waits_grow_to_ten_minutes_and_begin_anew_after_a_success() {
        Retries<String> retries = new Retries<>();
        List<Long> waits = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < 13; i++) {
            retries.failed("a", now);
            long failed = now;
            while (retries.isWaiting("a", now)) {
                now += 1_000;
            }
            waits.add(now - failed);
            assertThat(retries.due(now)).containsExactly("a");
        }
        assertThat(waits).startsWith(1_000L, 2_000L, 4_000L).endsWith(600_000L, 600_000L);
        retries.succeeded("a");
        retries.failed("a", now);
        assertThat(retries.isWaiting("a", now + 999)).isTrue();
        assertThat(retries.isWaiting("a", now + 1_000)).isFalse();
    }

    @Test
    void what_nobody_asks_for_any_more_is_forgotten() {
        Retries<String> retries = new Retries<>();
        retries.failed("gone", 0);
        retries.failed("a", Retries.FIRST_MILLIS + Retries.MAX_MILLIS);
        assertThat(retries.size()).isEqualTo(2);
        retries.failed("a", Retries.FIRST_MILLIS + Retries.MAX_MILLIS + 1);
        assertThat(retries.size()).isEqualTo(1);
    }

    private void attempted(String id) {
        List<Integer> times = tried.computeIfAbsent(id, key -> new ArrayList<>());
        times.add(second);
        if (id.endsWith(BROKEN) && times.size() <= FAILURES) {
            throw new IllegalStateException("on purpose");
        }
    }

    private void run(Machine.Logic logic, int seconds) {
        run(logic, 0, seconds);
    }

    private void run(Machine.Logic logic, int from, int before) {
        for (second = from; second < before; second++) {
            take(logic.tick(1_700_000_000_000L + second * 1_000L, rows));
        }
    }

    private void take(List<Effect> effects) {
        effects.forEach(effect -> {
            if (effect instanceof Effect.Bury bury) {
                buried.add(bury.letter());
            }
        });
    }
}
