package io.parley.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.log.UserCommand;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An erasure is as many commands as the log needs. */
final class EraseCommandTest {
    @Test
    void a_user_of_forty_thousand_conversations_is_erased_in_parts() {
        Set<ConversationId> conversations = new LinkedHashSet<>();
        for (int i = 0; i < 40_000; i++) {
            conversations.add(ConversationId.parse(("ann~x%06d" + "z".repeat(57)).formatted(i)));
        }

        List<UserCommand> commands = EraseCommand.commands(conversations);

        assertThat(commands.size()).isGreaterThan(1);
        assertThat(commands).allMatch(command -> command.getSerializedSize() <= RecordLimit.MAX_BYTES);
        assertThat(commands.stream()
                        .flatMap(command -> command.getEraseUser().getConversationsList().stream())
                        .map(ConversationId::parse))
                .containsExactlyElementsOf(conversations);
        int last = commands.size() - 1;
        assertThat(commands.subList(0, last))
                .allMatch(command -> command.getEraseUser().getMore());
        assertThat(commands.get(last).getEraseUser().getMore()).isFalse();
    }

    @Test
    void a_user_without_a_conversation_is_erased_too() {
        assertThat(EraseCommand.commands(Set.of())).hasSize(1);
    }
}
