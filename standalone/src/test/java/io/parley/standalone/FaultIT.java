package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code kill -9} under load: whatever dies, every acknowledged message comes once, in one order, and stands in history so; none that a
 * device acknowledged more than two seconds before comes again; and everybody is
 * told what the others received and read, never less than before and never what is not so. Nothing comes to who was removed.
 */
@WithPlatform
class FaultIT {
    private static final Duration BACK = Duration.ofSeconds(90);
    /** On a machine that is not busy with something else; {@code -Dparley.test.engineBackSeconds=N} allows more. */
    private static final Duration ENGINE_BACK =
            Duration.ofSeconds(Integer.getInteger("parley.test.engineBackSeconds", 10));

    private static final String[] LOAD = {"--devices=20", "--rate=60", "--warmup=3", "--seconds=14", "--receipts"};

    /**
     * While one of these is away, a publish may be answered by a PUBACK with a failure code: its sender knows, and nothing is lost. Empty
     * when nodes hold such a publish back instead.
     */
    private static final Set<RoleName> MAY_REFUSE = EnumSet.noneOf(RoleName.class);

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

            assertClean(load, role);
            churning.assertClean();
            if (!MAY_REFUSE.contains(role)) {
                assertThat(churning.refused()).as("refused publishes").isZero();
            }
        }
    }

    /** The process is there for so long until the first message goes its way again. */
    @Test
    void an_engine_that_is_started_again_delivers_within_ten_seconds() throws Exception {
        ConversationId conversation = ConversationId.direct(UserId.parse("fault-amy"), UserId.parse("fault-bob"));
        try (HiveDevice amy = HiveDevice.connect(platform, "fault-amy/phone");
                HiveDevice bob = HiveDevice.connect(platform, "fault-bob/phone")) {
            bob.subscribe(conversation);
            amy.send(conversation, "m1", "before");
            await().atMost(BACK).until(() -> bob.count() == 1);

            platform.kill(RoleName.ENGINE);
            amy.send(conversation, "m2", "while there is none");
            await().atMost(BACK)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> bob.count() == 2);

            Instant delivered = Instant.now();
            Instant started = ProcessHandle.of(platform.pid(RoleName.ENGINE))
                    .flatMap(engine -> engine.info().startInstant())
                    .orElseThrow();
            Duration away = Duration.between(started, delivered);
            System.out.printf("the engine delivers %.1f s after its start%n", away.toMillis() / 1e3);
            assertThat(away).isBetween(Duration.ZERO, ENGINE_BACK);
        }
        platform.awaitReady(RoleName.ENGINE, BACK);
    }

    @Test
    void a_group_survives_a_killed_node() throws Exception {
        try (LoadProcess load = LoadProcess.start(
                platform, "--devices=20", "--group-size=10", "--rate=20", "--warmup=3", "--seconds=12", "--receipts")) {
            load.awaitMeasuring();

            platform.kill(RoleName.BROKER);
            platform.awaitReady(RoleName.BROKER, BACK);

            assertClean(load, RoleName.BROKER);
        }
    }

    private static void assertClean(LoadProcess load, RoleName killed) throws Exception {
        List<String> output = load.finish();
        System.out.println(String.join("\n", output));
        assertThat(output).contains("no anomalies");
        boolean refused = output.stream().anyMatch(line -> line.startsWith("refused "));
        assertThat(load.exitCode()).isEqualTo(refused && MAY_REFUSE.contains(killed) ? 1 : 0);
    }
}
