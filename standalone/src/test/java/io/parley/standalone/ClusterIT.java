package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code up --cluster}: one process of each kind is killed after the other, under one load whose devices are spread over all MQTT nodes, and go to another node when
 * theirs is gone. Every acknowledged message comes once, in one order, and stands in history so.
 */
@Tag("quiet")
@EnabledIfSystemProperty(
        named = "parley.test.cluster",
        matches = "true",
        disabledReason = "it takes minutes: -Dparley.test.cluster=true plays it")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ClusterIT {
    private static final Duration BACK = Duration.ofMinutes(3);
    private static final Set<RoleName> ROLES = EnumSet.complementOf(EnumSet.of(RoleName.PUSH_SINK, RoleName.PLUGINS));
    private static final List<ProcessName> KILLED = List.of(
            new ProcessName(RoleName.KAFKA, 1),
            new ProcessName(RoleName.CASSANDRA, 2),
            new ProcessName(RoleName.BROKER, 3),
            new ProcessName(RoleName.ENGINE, 1),
            new ProcessName(RoleName.ARCHIVER, 2),
            new ProcessName(RoleName.HISTORY, 1));

    private Path data;
    private Platform platform;

    @BeforeAll
    @Timeout(600)
    void start(@TempDir Path directory) throws Exception {
        data = directory;
        platform = Platform.start(options(Layout.CLUSTER));
    }

    @AfterAll
    @Timeout(300)
    void stop() {
        platform.close();
    }

    private Platform.Options options(Layout layout) throws PlatformException {
        return new Platform.Options(Installation.find(), data, free(), ROLES, layout, Map.of(), System.out::println);
    }

    /** The nodes count up from each port. */
    static Addresses free() throws PlatformException {
        while (true) {
            Addresses candidate = Addresses.free();
            Plan plan = Layout.CLUSTER.plan(candidate, ROLES, new ClusterSettings(1, 1));
            try {
                plan.requireUsable();
            } catch (PlatformException overlapping) {
                continue;
            }
            if (plan.firstTaken().isEmpty()) {
                return candidate;
            }
        }
    }

    @Test
    @Timeout(900)
    void whatever_is_killed_nothing_is_lost() throws Exception {
        try (LoadProcess load = LoadProcess.start(
                platform,
                "--devices=24",
                "--rate=" + Integer.getInteger("parley.test.rate", 20),
                "--warmup=3",
                "--seconds=" + Integer.getInteger("parley.test.seconds", 90))) {
            load.awaitMeasuring();
            List<String> back = new ArrayList<>();
            for (ProcessName process : KILLED) {
                long killedNanos = System.nanoTime();
                platform.kill(process);
                platform.awaitReady(process, BACK);
                back.add(
                        String.format("%s ready again after %.1f s", process, (System.nanoTime() - killedNanos) / 1e9));
            }
            back.forEach(System.out::println);
            assertThat(load.isRunning())
                    .as("the load lasts until the last process is back: -Dparley.test.seconds=N makes it longer")
                    .isTrue();

            List<String> output = load.finish();
            System.out.println(String.join("\n", output));
            assertThat(output).contains("no anomalies");
            assertThat(load.exitCode()).isZero();
        }
    }

    @Test
    void its_data_are_no_data_of_a_platform_that_has_one_of_each() {
        assertThatThrownBy(() -> Layout.ALONE.requireFits(data))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("--cluster");
    }

    @Test
    void it_is_found_through_its_data_directory() throws Exception {
        RunningPlatform found = RunningPlatform.on(data).orElseThrow();

        assertThat(found.plan().processes())
                .isEqualTo(platform.plan().processes())
                .allSatisfy(process -> assertThat(found.process(process)).isPresent());
    }
}
