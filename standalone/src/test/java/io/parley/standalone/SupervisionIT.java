package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.standalone.RoleStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The supervisor with real Kafka and Cassandra children. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class SupervisionIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private List<String> linesOfTheStart = List.of();
    private Path data;

    private final Addresses addresses = Addresses.free();
    private Platform platform;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        data = directory;
        platform = Platform.start(options(addresses));
        linesOfTheStart = List.copyOf(lines);
    }

    @AfterAll
    void stop() {
        platform.close();
    }

    private Platform.Options options(Addresses at) throws PlatformException {
        return new Platform.Options(
                Installation.find(), data, at, EnumSet.of(RoleName.KAFKA, RoleName.CASSANDRA), Map.of(), lines::add);
    }

    @Test
    void every_server_says_that_it_is_ready_before_the_platform_is() {
        assertThat(linesOfTheStart)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).containsPattern(" ready after [0-9.]+ s$"));
    }

    @Test
    void a_killed_server_is_started_again() throws Exception {
        long before = platform.pid(RoleName.KAFKA);

        platform.kill(RoleName.KAFKA);
        platform.awaitReady(RoleName.KAFKA, LIMIT);

        assertThat(platform.pid(RoleName.KAFKA)).isNotEqualTo(before);
        assertThat(platform.status(RoleName.KAFKA).restarts()).isPositive();
        assertThat(ProcessHandle.of(before)).isEmpty();
    }

    @Test
    void cassandra_ends_when_it_cannot_write() throws Exception {
        long before = platform.pid(RoleName.CASSANDRA);
        Path files = data.resolve("cassandra").resolve("data").resolve("system");
        Path away = files.resolveSibling("away");

        // Not started again before its files are back.
        platform.hold(RoleName.CASSANDRA);
        Files.move(files, away);
        Files.createFile(files);
        assertThatThrownBy(() -> CassandraTools.flushAndCompact(before, "system"))
                .isNotNull();
        org.awaitility.Awaitility.await()
                .atMost(LIMIT)
                .until(() -> ProcessHandle.of(before).isEmpty());
        Files.delete(files);
        Files.move(away, files);

        platform.release(RoleName.CASSANDRA);
        platform.awaitReady(RoleName.CASSANDRA, LIMIT);
    }

    @Test
    void a_held_server_stays_down_until_it_is_released() throws Exception {
        platform.hold(RoleName.KAFKA);
        platform.kill(RoleName.KAFKA);

        assertThat(platform.status(RoleName.KAFKA).state()).isEqualTo(State.HELD);
        assertThat(platform.status(RoleName.KAFKA).pid()).isEmpty();

        platform.release(RoleName.KAFKA);
        platform.awaitReady(RoleName.KAFKA, LIMIT);
    }

    @Test
    void a_second_platform_on_the_same_data_is_refused() {
        assertThatThrownBy(() -> Platform.start(options(Addresses.free())))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("already")
                .hasMessageContaining("./parley down");
    }

    @Test
    void a_taken_port_is_named_with_what_to_do(@TempDir Path other) throws Exception {
        Platform.Options same = options(addresses);
        Platform.Options elsewhere =
                new Platform.Options(same.installation(), other, addresses, same.roles(), Map.of(), Progress.silent());

        assertThatThrownBy(() -> Platform.start(elsewhere))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("port " + addresses.of(Port.KAFKA))
                .hasMessageContaining("PARLEY_KAFKA_PORT");
    }

    @Test
    void a_running_platform_is_found_through_its_data_directory() throws Exception {
        RunningPlatform found = RunningPlatform.on(data).orElseThrow();

        assertThat(found.addresses()).isEqualTo(addresses);
        assertThat(found.process(RoleName.KAFKA)).isPresent();
        assertThat(found.isReady(RoleName.CASSANDRA)).isTrue();
    }

    @ParameterizedTest(name = "SIGKILL: {0}")
    @ValueSource(booleans = {false, true})
    void no_child_outlives_its_supervisor(boolean killed, @TempDir Path other) throws Exception {
        Process supervisor = supervisorOfKafka(other);
        List<ProcessHandle> family = new ArrayList<>(supervisor.descendants().toList());
        assertThat(family).isNotEmpty();

        if (killed) {
            supervisor.destroyForcibly();
        } else {
            supervisor.destroy();
        }

        org.awaitility.Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(family).noneMatch(ProcessHandle::isAlive));
    }

    private static Process supervisorOfKafka(Path directory) throws IOException, PlatformException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Dparley.home=" + Installation.find().home(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.parley.standalone.cli.ParleyCli",
                "up",
                "--only",
                "kafka",
                "--data",
                directory.toString());
        builder.environment().putAll(Addresses.free().environment());
        Path log = directory.resolve("up.log");
        Process supervisor =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        org.awaitility.Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(Files.readString(log)).contains("Parley is ready"));
        return supervisor;
    }
}
