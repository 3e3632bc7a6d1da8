package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.user.UserLimits;
import io.parley.bridge.user.machine.UserRules;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.UserCommand;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A command that no feature handles is buried. */
final class EveryCommandTest {
    @Test
    void some_feature_handles_each_command_to_a_conversation() {
        Set<ConversationCommand.CommandCase> all = EnumSet.allOf(ConversationCommand.CommandCase.class);
        all.remove(ConversationCommand.CommandCase.COMMAND_NOT_SET);
        assertThat(new ConversationRules(ConversationLimits.defaults()).kinds()).isEqualTo(all);
    }

    @Test
    void some_feature_handles_each_command_to_a_user() {
        Set<UserCommand.CommandCase> all = EnumSet.allOf(UserCommand.CommandCase.class);
        // Heard by the whole partition, and by no user.
        all.removeAll(Set.of(UserCommand.CommandCase.COMMAND_NOT_SET, UserCommand.CommandCase.NODE_ALIVE));
        assertThat(new UserRules(1, UserLimits.defaults()).kinds()).isEqualTo(all);
    }
}
