package io.parley.history.visiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.CommandLog;
import io.parley.gateway.requesting.Outages;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.UserCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KnownUsersTest {
    private static final UserId ANN = UserId.parse("ann");
    private static final UserId BEN = UserId.parse("ben");

    private final Log log = new Log();
    private final KnownUsers users = new KnownUsers(log, new Outages());

    @Test
    void the_first_call_of_a_user_makes_them_known_and_later_ones_cost_nothing() {
        users.calls(ANN);
        users.calls(ANN);
        users.calls(BEN);
        users.calls(ANN);
        assertThat(log.known).containsExactly(ANN, BEN);
    }

    @Test
    void what_the_log_did_not_take_is_told_with_the_next_call() {
        log.failure = new IOException("the log is out");
        users.calls(ANN);
        log.failure = null;
        users.calls(ANN);
        users.calls(ANN);
        assertThat(log.known).containsExactly(ANN, ANN);
    }

    private static final class Log implements CommandLog {
        private final List<UserId> known = new ArrayList<>();
        private @Nullable Exception failure;

        @Override
        public void append(
                ConversationId conversation, ConversationCommand command, Consumer<@Nullable Exception> done) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void append(UserId user, UserCommand command, Consumer<@Nullable Exception> done) {
            assertThat(command.hasKnowUser()).isTrue();
            known.add(user);
            done.accept(failure);
        }

        @Override
        public void appendToAllUsers(UserCommand command, IntConsumer taken) {
            throw new UnsupportedOperationException();
        }
    }
}
