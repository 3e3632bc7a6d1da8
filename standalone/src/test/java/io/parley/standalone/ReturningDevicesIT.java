package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Devices whose connections were cut come back to their sessions, and have what they missed; {@code parley bench} audits it. */
@WithPlatform
class ReturningDevicesIT {
    private static final Duration NODE_IS_BACK = Duration.ofSeconds(60);

    private final Platform platform;

    ReturningDevicesIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void devices_that_connect_again_find_their_sessions() throws Exception {
        List<String> said = bench("--connects", "10", "--devices", "20", "--seconds", "3", "--warmup", "1");

        assertThat(said).contains("no anomalies").anyMatch(line -> line.startsWith("connect to message "));
    }

    @Test
    void all_devices_come_back_to_a_node_that_was_killed() throws Exception {
        List<String> said = bench("--storm", "50", "--conversations", "2", "--kill-node");
        platform.awaitReady(RoleName.BROKER, NODE_IS_BACK);

        assertThat(said)
                .contains("the node is killed", "no anomalies")
                .anyMatch(line -> line.matches("connected +50"))
                .anyMatch(line -> line.matches("synchronised +50"));
    }

    private List<String> bench(String... arguments) throws Exception {
        try (LoadProcess load = LoadProcess.start(platform, arguments)) {
            List<String> said = load.finish();
            said.forEach(System.out::println);
            assertThat(load.exitCode()).isZero();
            return said;
        }
    }
}
