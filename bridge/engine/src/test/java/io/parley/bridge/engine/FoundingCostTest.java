package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.ConversationRules;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.MemberDeclined;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.RemoveDeclined;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.RemoveMembers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a group of 1,024 members costs that is founded, and of which all members decline. */
final class FoundingCostTest {
    private static final ConversationId GROUP = ConversationId.parse("g0123456789abc");
    private static final int MEMBERS = 1_024;
    private static final int SLICE = 128;
    private static final Origin OWNER =
            Origin.newBuilder().setUser("owner").setDevice("desk").build();

    private final MapRows rows = new MapRows();
    private final ConversationLogic logic = new ConversationLogic(
            new ConversationRules(ConversationLimits.defaults()), Duration.ofSeconds(60), new Refusals());
    private final List<String> told = new ArrayList<>();

    private List<Effect> run(ConversationCommand.Builder command) {
        return logic.run(GROUP.value(), command.build().toByteArray(), 1_700_000_000_000L, rows);
    }

    private List<Effect> founds() {
        CreateGroup.Builder group = CreateGroup.newBuilder().setName("all");
        for (int i = 1; i < MEMBERS; i++) {
            group.addMembers("u" + i);
        }
        return run(ConversationCommand.newBuilder().setOrigin(OWNER).setCreateGroup(group));
    }

    /** Remembers who is told, and returns how the conversation asks itself to go on. */
    private List<ConversationCommand> tells(List<Effect> effects) {
        List<String> now = effects.stream()
                .filter(Effect.TellUser.class::isInstance)
                .map(effect -> (Effect.TellUser) effect)
                .filter(tell -> tell.command().hasJoinedConversation())
                .map(tell -> tell.user().value())
                .toList();
        // The founder comes first, and is one more.
        assertThat(now).hasSizeLessThanOrEqualTo(SLICE + 1);
        told.addAll(now);
        return effects.stream()
                .filter(Effect.TellConversation.class::isInstance)
                .map(effect -> ((Effect.TellConversation) effect).command())
                .toList();
    }

    private int goOn(List<ConversationCommand> next) {
        int steps = 0;
        List<ConversationCommand> rest = next;
        while (!rest.isEmpty()) {
            steps++;
            assertThat(rest).hasSize(1);
            rest = tells(run(rest.get(0).toBuilder()));
        }
        return steps;
    }

    @Test
    void each_step_tells_128_members_and_each_member_is_told_once_the_founder_first() {
        List<ConversationCommand> next = tells(founds());
        assertThat(told).startsWith("owner");

        assertThat(goOn(next)).isLessThanOrEqualTo(MEMBERS / SLICE);

        assertThat(told).hasSize(MEMBERS).doesNotHaveDuplicates();
    }

    @Test
    void who_is_removed_before_their_turn_is_not_told_of_having_come() {
        List<ConversationCommand> next = tells(founds());
        String last = "u999";
        assertThat(told).doesNotContain(last);
        run(ConversationCommand.newBuilder()
                .setOrigin(OWNER)
                .setRemoveMembers(RemoveMembers.newBuilder()
                        .setConversation(GROUP.value())
                        .addUsers(last)));

        goOn(next);

        assertThat(told).hasSize(MEMBERS - 1).doesNotContain(last);
    }

    @Test
    void the_removal_of_all_who_declined_tells_none_of_them_and_leaves_no_row_of_them() {
        goOn(tells(founds()));
        for (int i = 1; i < MEMBERS; i++) {
            run(ConversationCommand.newBuilder()
                    .setMemberDeclined(MemberDeclined.newBuilder()
                            .setUser("u" + i)
                            .setBy("owner")
                            .setSeq(1)
                            .setCode(ErrorCode.NOT_FOUND)));
        }

        List<Effect> effects =
                run(ConversationCommand.newBuilder().setRemoveDeclined(RemoveDeclined.getDefaultInstance()));

        assertThat(effects.stream()
                        .filter(Effect.TellUser.class::isInstance)
                        .map(effect -> ((Effect.TellUser) effect).user().value()))
                .as("only who added them is told")
                .containsOnly("owner");
        assertThat(rows.keys("m|" + GROUP)).containsExactly("m|" + GROUP + "|owner");
        assertThat(rows.keys("v|")).isEmpty();
    }
}
