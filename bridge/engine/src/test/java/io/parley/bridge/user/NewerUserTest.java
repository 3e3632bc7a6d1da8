package io.parley.bridge.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.audit.Seeds;
import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.NewerRows;
import io.parley.bridge.user.machine.UserRules;
import io.parley.bridge.user.machine.UserStore;
import io.parley.protocol.UserId;
import io.parley.protocol.log.UserCommand;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An engine acts the same whether or not a newer one left more in the rows than it knows. */
class NewerUserTest {
    private static final UserId ANN = UserId.parse("ann");
    private static final int SEEDS = 100;
    private static final int COMMANDS = 150;

    @Test
    void rows_with_fields_that_nobody_knows_change_nothing() {
        Seeds.play(SEEDS, NewerUserTest::play);
    }

    private static void play(long seed) {
        Random random = Seeds.random(seed);
        UserRules rules = new UserRules(10_000, UserLimits.defaults());
        RandomUserCommands commands = new RandomUserCommands(random, 3);
        MapRows own = new MapRows();
        MapRows newer = new MapRows();
        UserStore one = new UserStore(ANN, own);
        UserStore other = new UserStore(ANN, new NewerRows(newer));
        long nowMillis = 1_700_000_000_000L;
        for (int i = 0; i < COMMANDS; i++) {
            UserCommand command = commands.next();
            nowMillis += random.nextInt(4_000);
            UserDecision expected = rules.decide(one, command, nowMillis);
            UserDecision actual = rules.decide(other, command, nowMillis);
            expected.changes().forEach(one::apply);
            actual.changes().forEach(other::apply);
            assertThat(NewerRows.text(actual.effects())).isEqualTo(NewerRows.text(expected.effects()));
            expected.effects().forEach(effect -> {
                if (effect instanceof Effect.Deliver deliver
                        && deliver.delivery().hasSessionOpened()) {
                    commands.opened(deliver.delivery().getSessionOpened());
                }
            });
        }
        assertThat(newer.keys("")).isEqualTo(own.keys(""));
    }
}
