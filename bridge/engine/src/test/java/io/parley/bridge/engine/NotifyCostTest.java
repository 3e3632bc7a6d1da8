package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.NotifyEach;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a message costs in a group of 1,024 members, all of them away. */
final class NotifyCostTest {
    private static final ConversationId GROUP = ConversationId.parse("g0123456789abc");
    private static final int MEMBERS = 1_024;
    private static final int SLICE = 128;
    private static final Origin OWNER =
            Origin.newBuilder().setUser("owner").setDevice("desk").build();

    private final MapRows rows = new MapRows();
    private final ConversationLogic logic = new ConversationLogic(
            new ConversationRules(ConversationLimits.defaults()), Duration.ofSeconds(60), new Refusals());

    NotifyCostTest() {
        CreateGroup.Builder group = CreateGroup.newBuilder().setName("all");
        for (int i = 1; i < MEMBERS; i++) {
            group.addMembers("u" + i);
        }
        run(ConversationCommand.newBuilder().setOrigin(OWNER).setCreateGroup(group));
    }

    private List<Effect> run(ConversationCommand.Builder command) {
        return logic.run(GROUP.value(), command.build().toByteArray(), 1_700_000_000_000L, rows);
    }

    private List<Effect> says(String id) {
        return run(ConversationCommand.newBuilder()
                .setOrigin(OWNER)
                .setSendMessage(SendMessage.newBuilder()
                        .setPublication(Publication.newBuilder().setId(id).setText("hello"))));
    }

    @Test
    void each_transaction_tells_128_members_and_each_member_is_told_once() {
        for (int i = 1; i < MEMBERS; i++) {
            run(ConversationCommand.newBuilder()
                    .setNotifyEach(NotifyEach.newBuilder().setUser("u" + i).setTold(1)));
        }
        int rowsBefore = rows.keys("").size();
        List<Effect> effects = says("m1");
        List<String> told = new ArrayList<>();
        int transactions = 0;
        while (true) {
            transactions++;
            List<Effect> tells =
                    effects.stream().filter(Effect.TellUser.class::isInstance).toList();
            assertThat(tells).hasSizeLessThanOrEqualTo(SLICE);
            tells.forEach(tell -> told.add(((Effect.TellUser) tell).user().value()));
            List<ConversationCommand> next = effects.stream()
                    .filter(Effect.TellConversation.class::isInstance)
                    .map(effect -> ((Effect.TellConversation) effect).command())
                    .toList();
            if (next.isEmpty()) {
                break;
            }
            assertThat(next).hasSize(1);
            effects = run(next.get(0).toBuilder());
        }

        assertThat(told).hasSize(MEMBERS - 1);
        Set<String> once = new HashSet<>(told);
        assertThat(once).hasSize(MEMBERS - 1);
        assertThat(transactions).isEqualTo(MEMBERS / SLICE);
        assertThat(rows.keys("").size() - rowsBefore)
                .as("the message's own rows, however many are told")
                .isLessThanOrEqualTo(3);
        for (String key : rows.keys("")) {
            byte[] row = rows.get(key);
            assertThat(row == null ? "" : new String(row, java.nio.charset.StandardCharsets.UTF_8))
                    .as("no text lies in %s", key)
                    .doesNotContain("hello");
        }
    }

    @Test
    void members_without_tokens_cost_nothing() {
        assertThat(says("m1"))
                .noneMatch(Effect.TellUser.class::isInstance)
                .noneMatch(Effect.TellConversation.class::isInstance);
    }
}
