package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code kill -9} under load: whatever dies, every acknowledged message comes once, in one order, and stands in history so; and everybody is
 * told what the others received and read, never less than before and never what is not so. Nothing comes to who was removed.
 */
@WithPlatform
class FaultIT {
    private static final Duration BACK = Duration.ofSeconds(90);
    private static final String[] LOAD = {"--devices=20", "--rate=60", "--warmup=3", "--seconds=20", "--receipts"};

    private final Platform platform;

    FaultIT(Platform platform) {
        this.platform = platform;
    }

    @ParameterizedTest
    @EnumSource(
            value = RoleName.class,
            names = {"BROKER", "ENGINE", "KAFKA", "CASSANDRA"})
    void a_killed_process_loses_nothing(RoleName role) throws Exception {
        try (LoadProcess load = LoadProcess.start(platform, LOAD);
                ChurningGroup churning =
                        ChurningGroup.start(platform, "fault-" + role.name().toLowerCase(Locale.ROOT))) {
            load.awaitMeasuring();

            platform.kill(role);
            long killedNanos = System.nanoTime();
            platform.awaitReady(role, BACK);
            System.out.printf("%s ready again after %.1f s%n", role, (System.nanoTime() - killedNanos) / 1e9);

            assertClean(load);
            churning.assertClean();
        }
    }

    @Test
    void a_group_survives_a_killed_node() throws Exception {
        try (LoadProcess load = LoadProcess.start(
                platform, "--devices=20", "--group-size=10", "--rate=20", "--warmup=3", "--seconds=15", "--receipts")) {
            load.awaitMeasuring();

            platform.kill(RoleName.BROKER);
            platform.awaitReady(RoleName.BROKER, BACK);

            assertClean(load);
        }
    }

    private static void assertClean(LoadProcess load) throws Exception {
        List<String> output = load.finish();
        System.out.println(String.join("\n", output));
        assertThat(output).contains("no anomalies");
        assertThat(load.exitCode()).isZero();
    }
}
