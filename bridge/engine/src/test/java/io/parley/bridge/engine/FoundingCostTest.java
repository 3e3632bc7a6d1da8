package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.conversation.machine.ConversationStore;
import io.parley.bridge.state.Member;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.MemberDeclined;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.AddMembers;
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
    private static final int SLICE = 64;
    private static final Origin OWNER =
            Origin.newBuilder().setUser("owner").setDevice("desk").build();

    private final MapRows rows = new MapRows();
    private final List<String> told = new ArrayList<>();
    private ConversationLogic logic = newLogic();
    private long nowMillis = 1_700_000_000_000L;

    private static ConversationLogic newLogic() {
        return new ConversationLogic(
                new ConversationRules(ConversationLimits.defaults()), Duration.ofSeconds(60), new Refusals());
    }

    private List<Effect> run(ConversationCommand.Builder command) {
        return run(GROUP, command);
    }

    private List<Effect> run(ConversationId group, ConversationCommand.Builder command) {
        return logic.run(group.value(), command.build().toByteArray(), nowMillis, rows);
    }

    private List<Effect> founds() {
        return founds(GROUP, MEMBERS - 1);
    }

    /** With the owner and so many others. */
    private List<Effect> founds(ConversationId group, int others) {
        CreateGroup.Builder founding = CreateGroup.newBuilder().setName("all");
        for (int i = 1; i <= others; i++) {
            founding.addMembers("u" + i);
        }
        return run(group, ConversationCommand.newBuilder().setOrigin(OWNER).setCreateGroup(founding));
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
    void each_step_tells_64_members_and_each_member_is_told_once_the_founder_first() {
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

    /** So many, from the first on. */
    private void decline(ConversationId group, int users) {
        for (int i = 1; i <= users; i++) {
            declines(group, "u" + i, 1);
        }
    }

    /** @param seq with which the user was added */
    private void declines(ConversationId group, String user, int seq) {
        run(
                group,
                ConversationCommand.newBuilder()
                        .setMemberDeclined(MemberDeclined.newBuilder()
                                .setUser(user)
                                .setBy("owner")
                                .setSeq(seq)
                                .setCode(ErrorCode.NOT_FOUND)));
    }

    /** What the next tick of the engine's clock brings. */
    private List<Effect> tick() {
        nowMillis += logic.pace().toMillis();
        return logic.tick(nowMillis, rows);
    }

    private static List<String> removed(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Publish.class::isInstance)
                .flatMap(effect -> ((Effect.Publish) effect).event().getMembersRemoved().getUsersList().stream())
                .toList();
    }

    /** Ticks until nobody who declined is left. Returns whom each tick removed. */
    private List<List<String>> removals() {
        List<List<String>> removals = new ArrayList<>();
        while (!rows.keys("z|").isEmpty()) {
            List<Effect> effects = tick();
            assertThat(effects.stream()
                            .filter(Effect.TellUser.class::isInstance)
                            .map(effect -> ((Effect.TellUser) effect).user().value()))
                    .as("only who added them is told")
                    .containsOnly("owner");
            assertThat(effects).hasSizeLessThanOrEqualTo(2);
            removals.add(removed(effects));
        }
        return removals;
    }

    @Test
    void all_who_declined_are_removed_64_at_a_time_and_leave_no_row() {
        goOn(tells(founds()));
        decline(GROUP, MEMBERS - 1);
        assertThat(tick()).as("those of one second go together").isEmpty();

        List<List<String>> removals = removals();

        assertThat(removals).hasSize(MEMBERS / SLICE).allMatch(slice -> slice.size() <= SLICE);
        assertThat(removals.stream().flatMap(List::stream)).hasSize(MEMBERS - 1).doesNotHaveDuplicates();
        assertThat(rows.keys("m|" + GROUP)).containsExactly("m|" + GROUP + "|owner");
        assertThat(rows.keys("v|")).isEmpty();
        assertThat(tick()).isEmpty();
    }

    @Test
    void the_engine_looks_again_soon_while_some_are_left_and_later_when_none_are() {
        goOn(tells(founds()));
        decline(GROUP, SLICE + 1);
        tick();

        assertThat(removed(tick())).hasSize(SLICE);
        assertThat(logic.pace()).isLessThan(Duration.ofSeconds(1));
        assertThat(removed(tick())).hasSize(1);
        assertThat(logic.pace()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void an_engine_that_starts_again_in_the_middle_removes_the_rest() {
        goOn(tells(founds()));
        decline(GROUP, MEMBERS - 1);
        tick();
        assertThat(removed(tick())).hasSize(SLICE);

        logic = newLogic();
        assertThat(tick()).as("it sees them wait").isEmpty();
        removals();

        assertThat(rows.keys("m|" + GROUP)).containsExactly("m|" + GROUP + "|owner");
    }

    @Test
    void who_is_added_again_in_the_middle_stays_and_who_declines_again_goes() {
        goOn(tells(founds()));
        decline(GROUP, MEMBERS - 1);
        tick();
        assertThat(removed(tick())).doesNotContain("u997", "u998", "u999");
        List<String> again = List.of("u998", "u999");
        run(ConversationCommand.newBuilder()
                .setOrigin(OWNER)
                .setRemoveMembers(RemoveMembers.newBuilder()
                        .setConversation(GROUP.value())
                        .addAllUsers(again)));
        run(ConversationCommand.newBuilder()
                .setOrigin(OWNER)
                .setAddMembers(
                        AddMembers.newBuilder().setConversation(GROUP.value()).addAllUsers(again)));
        declines(GROUP, "u999", 1);
        declines(GROUP, "u998", joined("u998"));

        removals();

        assertThat(rows.keys("m|" + GROUP)).containsExactly("m|" + GROUP + "|owner", "m|" + GROUP + "|u999");
    }

    @Test
    void groups_beyond_what_one_tick_removes_wait_for_the_next_one() {
        for (int i = 0; i < 4; i++) {
            ConversationId group = ConversationId.parse("g000000000000" + i);
            founds(group, SLICE);
            decline(group, SLICE);
        }
        tick();

        for (int i = 0; i < 4; i++) {
            assertThat(removed(tick())).hasSize(SLICE);
        }
        assertThat(rows.keys("z|")).isEmpty();
    }

    private int joined(String user) {
        Member member = new ConversationStore(GROUP, rows).member(UserId.parse(user));
        return member == null ? 0 : member.getJoined();
    }
}
