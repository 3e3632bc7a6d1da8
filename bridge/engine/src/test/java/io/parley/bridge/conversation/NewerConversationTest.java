package io.parley.bridge.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.audit.Seeds;
import io.parley.bridge.MapRows;
import io.parley.bridge.NewerRows;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.conversation.machine.ConversationStore;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An engine acts the same whether or not a newer one left more in the rows than it knows. */
class NewerConversationTest {
    private static final int SEEDS = 100;
    private static final int COMMANDS = 150;

    @Test
    void rows_with_fields_that_nobody_knows_change_nothing() {
        Seeds.play(SEEDS, NewerConversationTest::play);
    }

    private static void play(long seed) {
        Random random = Seeds.random(seed);
        ConversationId id = ConversationId.parse(seed % 4 == 0 ? "ann~ben" : "g0123456789abc");
        ConversationRules rules = new ConversationRules(ConversationLimits.defaults());
        RandomCommands commands = new RandomCommands(random, id, user -> 0);
        MapRows own = new MapRows();
        MapRows newer = new MapRows();
        ConversationStore one = new ConversationStore(id, own);
        ConversationStore other = new ConversationStore(id, new NewerRows(newer));
        long nowMillis = 1_700_000_000_000L;
        for (int i = 0; i < COMMANDS; i++) {
            ConversationCommand command = i == 0 && !id.isDirect()
                    ? RandomCommands.create()
                    : commands.next(one.head().getSeq());
            nowMillis += random.nextInt(2_000);
            Decision expected = rules.decide(one, command, nowMillis);
            Decision actual = rules.decide(other, command, nowMillis);
            expected.changes().forEach(one::apply);
            actual.changes().forEach(other::apply);
            assertThat(NewerRows.text(actual.effects())).isEqualTo(NewerRows.text(expected.effects()));
        }
        assertThat(newer.keys("")).isEqualTo(own.keys(""));
    }
}
