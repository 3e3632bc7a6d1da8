package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.LeftConversation;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Block;
import io.parley.protocol.wire.Unblock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What it costs that a user with many groups blocks somebody. */
final class BlockCostTest {
    private static final int GROUPS = 1_999;
    private static final int SLICE = 200;
    private static final String TWO = "ann~dan";

    private final PlayedUser ann = new PlayedUser();
    /** How often each conversation was told, and what last. */
    private final Map<String, List<BlockChanged>> told = new HashMap<>();
    /** What the user machine asked itself to do. */
    private final Deque<UserCommand> asked = new ArrayDeque<>();

    BlockCostTest() {
        ann.connected("phone", 1);
        for (int i = 0; i < GROUPS; i++) {
            joins(group(i), 1);
        }
        told.clear();
    }

    private static String group(int number) {
        return "g%012d".formatted(number);
    }

    private void joins(String group, int seq) {
        take(ann.effects(
                "ann",
                UserCommand.newBuilder()
                        .setJoinedConversation(JoinedConversation.newBuilder()
                                .setConversation(group)
                                .setBy("ann")
                                .setSeq(seq))));
    }

    private void blocks(boolean blocked) {
        UserCommand.Builder command = UserCommand.newBuilder().setOrigin(PlayedUser.origin("phone", 1));
        take(ann.effects(
                "ann",
                blocked
                        ? command.setBlock(Block.newBuilder().setUser("dan"))
                        : command.setUnblock(Unblock.newBuilder().setUser("dan"))));
    }

    private void take(List<Effect> effects) {
        int now = 0;
        for (Effect effect : effects) {
            if (effect instanceof Effect.TellConversation tell && tell.command().hasBlockChanged()) {
                now++;
                told.computeIfAbsent(tell.conversation().value(), key -> new ArrayList<>())
                        .add(tell.command().getBlockChanged());
            } else if (effect instanceof Effect.TellUser tell) {
                asked.add(tell.command());
            }
        }
        assertThat(now).as("groups, and the conversation of the two").isLessThanOrEqualTo(SLICE + 1);
    }

    private boolean goesOn() {
        UserCommand next = asked.poll();
        if (next != null) {
            take(ann.effects("ann", next.toBuilder()));
        }
        return next != null;
    }

    private int goOn() {
        int steps = 0;
        while (goesOn()) {
            steps++;
        }
        return steps;
    }

    private BlockChanged last(String group) {
        List<BlockChanged> all = told.getOrDefault(group, List.of());
        return all.get(all.size() - 1);
    }

    private void assertEachGroupWasToldLast(boolean blocked) {
        for (int i = 0; i < GROUPS; i++) {
            BlockChanged last = last(group(i));
            assertThat(last.getBlocked()).as(group(i)).isEqualTo(blocked);
            assertThat(last.getAny()).as(group(i)).isEqualTo(blocked);
            assertThat(last.getUsersList()).containsExactly("dan");
        }
    }

    @Test
    void each_group_is_told_once_and_200_conversations_are_looked_at_at_a_time() {
        blocks(true);
        assertThat(last(TWO).getBlocked()).as("the two are told first").isTrue();

        // And the conversation of two that ann is in.
        assertThat(goOn()).isEqualTo((GROUPS + 1) / SLICE);

        assertThat(told)
                .hasSize(GROUPS + 1)
                .allSatisfy((group, all) -> assertThat(all).hasSize(1));
        assertEachGroupWasToldLast(true);
    }

    @Test
    void an_end_in_the_middle_of_telling_is_what_each_group_is_told_last() {
        blocks(true);
        goesOn();
        goesOn();
        blocks(false);

        goOn();

        assertEachGroupWasToldLast(false);
    }

    @Test
    void an_engine_that_starts_again_in_the_middle_tells_the_rest() {
        blocks(true);
        goesOn();
        ann.restart();

        goOn();

        assertEachGroupWasToldLast(true);
    }

    @Test
    void a_group_that_is_left_in_the_middle_is_told_nothing_and_when_it_is_joined_again_of_the_later_membership() {
        blocks(true);
        String left = group(GROUPS - 1);
        String again = group(GROUPS - 2);
        for (String group : List.of(left, again)) {
            ann.effects(
                    "ann",
                    UserCommand.newBuilder()
                            .setLeftConversation(LeftConversation.newBuilder()
                                    .setConversation(group)
                                    .setBy("eve")
                                    .setSeq(2)));
        }
        goesOn();
        joins(again, 3);

        goOn();

        assertThat(told).doesNotContainKey(left).containsKey(again);
        assertThat(told.get(again)).allSatisfy(one -> {
            assertThat(one.getBlocked()).isTrue();
            assertThat(one.getJoined()).isEqualTo(3);
        });
    }
}
