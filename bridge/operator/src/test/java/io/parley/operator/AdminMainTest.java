package io.parley.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.protocol.UserId;
import io.parley.protocol.log.DeadLetter;
import io.parley.protocol.log.DeadLetterKind;
import io.parley.protocol.log.Origin;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class AdminMainTest {

    @Test
    void wrong_usage_is_2() {
        assertThat(AdminMain.commandLine().execute("storage", "--conversations=-1"))
                .isEqualTo(2);
        assertThat(AdminMain.commandLine().execute("erase", "BAD!")).isEqualTo(2);
        assertThat(AdminMain.commandLine().execute("users", "import")).isEqualTo(2);
    }

    @Test
    void the_users_of_a_file_are_its_names_and_a_bad_line_is_named() throws Exception {
        assertThat(UsersCommand.users(List.of("# staff", "alice", "", " bob ", "alice")))
                .containsExactly(UserId.parse("alice"), UserId.parse("bob"));
        assertThatThrownBy(() -> UsersCommand.users(List.of("alice", "BOB")))
                .isInstanceOf(AdminException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("BOB");
    }

    @Test
    void a_dead_letter_is_one_line_of_what_is_known_of_it() {
        DeadLetter letter = DeadLetter.newBuilder()
                .setKind(DeadLetterKind.RULE_FAILED)
                .setCommand("send_message")
                .setOrigin(Origin.newBuilder().setUser("ann").setDevice("phone"))
                .setFailure("java.lang.RuntimeException")
                .setReason("RuntimeException")
                .setRecordBytes(12)
                .build();

        assertThat(BuriedCommand.described(letter))
                .isEqualTo("rule_failed command=send_message user=ann device=phone failure=java.lang.RuntimeException"
                        + " reason=RuntimeException bytes=12");
    }

    @Test
    void kafka_out_of_reach_is_said_and_is_1() throws Exception {
        assertThat(AdminMain.explain(new ExecutionException(new TimeoutException("no node"))))
                .isEqualTo(1);
    }

    @Test
    void a_defect_shows_its_whole_trace() {
        Exception defect = new ExecutionException(new IllegalStateException("defect"));

        assertThatThrownBy(() -> AdminMain.explain(defect)).isSameAs(defect);
    }

    @Test
    void what_does_not_come_is_given_up() {
        Patience little = new Patience(Duration.ofMillis(10), Duration.ofMillis(10));
        CountDownLatch interrupted = new CountDownLatch(1);

        assertThatThrownBy(() -> little.await("Godot", () -> {
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                    return "";
                }))
                .isInstanceOf(AdminException.class)
                .hasMessageContaining("Godot");
        assertThat(interrupted).satisfies(CountDownLatch::await);
    }
}
