package io.parley.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.standalone.Layout;
import io.parley.standalone.RoleName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParleyCliTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve foo",
                "serve",
                "token BAD!",
                "token --hours 0 alice",
                "up --only foo",
                "push-sink --json --subscribe"
            })
    void wrong_usage_is_2(String arguments) {
        assertThat(ParleyCli.commandLine().execute(arguments.split(" ", -1))).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "token alice", "serve kafka"})
    void a_data_directory_that_is_a_file_is_1(String arguments, @TempDir Path dir) throws IOException {
        Path file = Files.createFile(dir.resolve("some-file"));

        assertThat(ParleyCli.commandLine().execute((arguments + " --data " + file).split(" ", -1)))
                .isEqualTo(1);
    }

    @Test
    void a_client_that_names_a_broker_needs_no_platform_here() {
        assertThat(ClientCommand.namesBroker(List.of("--as", "alice", "--mqtt", "ssl://chat.example:8883")))
                .isTrue();
        assertThat(ClientCommand.namesBroker(List.of("--mqtt=ssl://chat.example:8883")))
                .isTrue();
        assertThat(ClientCommand.namesBroker(List.of("--as", "--mqttx"))).isFalse();
    }

    @Test
    void a_detached_platform_has_the_roles_that_were_asked_for() {
        assertThat(new DetachedPlatform(Path.of("data"), Layout.CLUSTER, List.of(RoleName.KAFKA, RoleName.CASSANDRA))
                        .command())
                .endsWith("--cluster", "--only", "kafka,cassandra");
    }

    @Test
    void without_a_platform_there_is_no_push_sink(@TempDir Path dir) {
        assertThat(ParleyCli.commandLine().execute("push-sink", "--data", dir.toString()))
                .isEqualTo(1);
    }
}
