package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.LifeIndex;
import io.parley.bridge.MapRows;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.conversation.machine.ConversationStore;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.Route;
import io.parley.bridge.state.Routes;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.machine.UserStore;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.NodeAlive;
import io.parley.protocol.log.UserCommand;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What refers to a node that has ended goes in slices, and what refers to others stays. */
final class DeadNodesTest {
    private static final Route DEAD =
            Route.newBuilder().setSlot(3).setEpoch(7).setOrdinal(5).build();
    private static final Route ALIVE =
            Route.newBuilder().setSlot(4).setEpoch(8).setOrdinal(1).build();
    private static final int MANY = 1_200;

    private final MapRows rows = new MapRows();
    private boolean over;
    private final Lives lives = (slot, epoch) -> over && slot == DEAD.getSlot() && epoch == DEAD.getEpoch();

    @Test
    void routes_to_it_end_in_slices() {
        ConversationLogic logic = conversations();
        for (int i = 0; i < MANY; i++) {
            conversation(i).apply(new Change.RouteOpened(DEAD));
            conversation(i).apply(new Change.RouteOpened(ALIVE));
        }
        logic.tick(0, rows);
        assertThat(routesToTheDead()).isEqualTo(MANY);

        over = true;
        logic.tick(1_000, rows);
        assertThat(routesToTheDead()).isEqualTo(MANY - 500);
        assertThat(logic.pace()).isLessThan(Duration.ofSeconds(1));
        logic.tick(1_100, rows);
        logic.tick(1_200, rows);

        assertThat(routesToTheDead()).isZero();
        assertThat(logic.pace()).isEqualTo(Duration.ofSeconds(1));
        assertThat(conversation(0).routes()).containsExactly(ALIVE);
        assertThat(new LifeIndex(rows).lives()).hasSize(1);
    }

    @Test
    void routes_in_rows_that_are_older_than_the_index_end_too() {
        for (int i = 0; i < MANY; i++) {
            rows.put(
                    "r|" + conversation(i).id(),
                    Routes.newBuilder().addRoutes(DEAD).build().toByteArray());
        }
        rows.put("r|ann~unreadable", new byte[] {1, 2, 3});
        ConversationLogic logic = conversations();
        over = true;

        for (int i = 0; i < 8; i++) {
            logic.tick(1_000 + 100 * i, rows);
        }

        assertThat(routesToTheDead()).isZero();
        assertThat(new LifeIndex(rows).lives()).isEmpty();
    }

    @Test
    void connections_at_it_end_in_slices_whether_the_log_says_so_or_it_is_silent() {
        for (boolean told : new boolean[] {true, false}) {
            over = told;
            int[] decided = {0};
            UserLogic logic = new UserLogic(
                    (state, command, now) -> {
                        decided[0]++;
                        return new UserDecision(
                                List.of(new UserChange.DeviceSeen(
                                        "phone",
                                        Device.newBuilder().setSession(1).build())),
                                List.of());
                    },
                    lives,
                    new Refusals());
            IntStream.range(0, 450)
                    .forEach(i -> user(i).apply(new UserChange.DeviceSeen(
                            "phone",
                            Device.newBuilder()
                                    .setSession(1)
                                    .setSlot(DEAD.getSlot())
                                    .setEpoch(DEAD.getEpoch())
                                    .setConnection(1 + i)
                                    .build())));
            if (!told) {
                heard(logic, DEAD.getEpoch());
                IntStream.range(0, 9).forEach(i -> logic.tick(1_000L * i, rows));
                assertThat(decided[0]).isZero();
            }
            logic.tick(10_000, rows);
            assertThat(decided[0]).isEqualTo(200);
            logic.tick(10_100, rows);
            logic.tick(10_200, rows);

            assertThat(decided[0]).isEqualTo(450);
            assertThat(new LifeIndex(rows).lives()).isEmpty();
            assertThat(logic.pace()).isEqualTo(Duration.ofSeconds(1));
        }
    }

    @Test
    void the_life_before_the_one_that_is_heard_is_gone_and_the_one_that_is_heard_is_not() {
        UserLogic logic = new UserLogic(
                (state, command, now) -> new UserDecision(
                        List.of(new UserChange.DeviceSeen(
                                "phone", Device.newBuilder().setSession(1).build())),
                        List.of()),
                lives,
                new Refusals());
        connected(0, 7);
        connected(1, 8);
        List<Effect> effects = heard(logic, 8);

        assertThat(effects).hasSize(1);
        assertThat(new LifeIndex(rows).lives())
                .containsExactly(Node.newBuilder().setSlot(3).setEpoch(8).build());
    }

    private void connected(int i, long epoch) {
        user(i).apply(new UserChange.DeviceSeen(
                "phone",
                Device.newBuilder()
                        .setSession(1)
                        .setSlot(3)
                        .setEpoch(epoch)
                        .setConnection(1)
                        .build()));
    }

    private List<Effect> heard(UserLogic logic, long epoch) {
        UserCommand alive = UserCommand.newBuilder()
                .setNodeAlive(NodeAlive.newBuilder()
                        .setNode(Node.newBuilder().setSlot(DEAD.getSlot()).setEpoch(epoch)))
                .build();
        return logic.run("*", alive.toByteArray(), 0, rows);
    }

    private ConversationLogic conversations() {
        return new ConversationLogic(
                new ConversationRules(ConversationLimits.defaults()), Duration.ofSeconds(60), lives, new Refusals());
    }

    private ConversationStore conversation(int i) {
        return new ConversationStore(ConversationId.parse("ann~bob" + i), rows);
    }

    private UserStore user(int i) {
        return new UserStore(UserId.parse("user" + i), rows);
    }

    private long routesToTheDead() {
        return IntStream.range(0, MANY)
                .filter(i -> conversation(i).routes().contains(DEAD))
                .count();
    }
}
