package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.SetRetention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What is on the disk when a platform has stopped: of a message that all have, in a conversation that keeps nothing longer, no byte; and
 * everything that the next platform needs to go on. On a platform of its own, which the first test stops and the second starts again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
@Tag("quiet")
class DataDirectoryIT {
    private static final UserId ALICE = UserId.parse("alice");
    private static final UserId BOB = UserId.parse("bob");
    private static final UserId CAROL = UserId.parse("carol");

    /** On a machine that is not busy with something else; {@code -Dparley.test.startSeconds=N} allows more. */
    private static final double START_LIMIT_SECONDS = Integer.getInteger("parley.test.startSeconds", 60);

    private static final Pattern READY = Pattern.compile("Parley is ready after ([0-9.]+) s");

    private Path data;
    private Platform platform;
    private KeptState state;

    @BeforeAll
    void start() throws Exception {
        Path folder = Files.createDirectories(Path.of("target", "platform").toAbsolutePath());
        data = Files.createTempDirectory(folder, "stored");
        platform = start(data);
        state = KeptState.make(platform);
    }

    @AfterAll
    void stop() throws Exception {
        platform.close();
        RunningPlatform.on(data).ifPresent(left -> left.stop(Duration.ofSeconds(60)));
    }

    @Test
    @Order(1)
    void what_all_have_leaves_no_byte() throws Exception {
        List<String> texts = FilesWith.textsThatStayWhole(2);
        String gone = texts.get(0);
        String kept = texts.get(1);
        ConversationId fleeting = ConversationId.direct(ALICE, BOB);
        ConversationId lasting = ConversationId.direct(ALICE, CAROL);
        try (HiveDevice atAlice = HiveDevice.connect(platform, ALICE + "/phone");
                HiveDevice atBob = HiveDevice.connect(platform, BOB + "/phone")) {
            atAlice.subscribe(fleeting);
            atAlice.subscribe(lasting);
            atBob.subscribe(fleeting);
            // A setting needs a conversation.
            atAlice.send(fleeting, "m1", gone);
            await().atMost(Duration.ofSeconds(30)).until(() -> atBob.count() == 1);
            SetRetention untilDelivered = SetRetention.newBuilder()
                    .setConversation(fleeting.value())
                    .setUntilDelivered(Nothing.getDefaultInstance())
                    .build();
            assertThat(atAlice.ask(Request.newBuilder()
                                    .setRequestId("r1")
                                    .setSetRetention(untilDelivered)
                                    .build())
                            .getError()
                            .getCode())
                    .isEqualTo(ErrorCode.ERROR_CODE_UNSPECIFIED);
            atAlice.send(lasting, "m2", kept);
            await().atMost(Duration.ofSeconds(30)).until(() -> atBob.count() == 2 && atAlice.count() == 3);
            assertThat(FilesWith.text(gone, data.resolve("kafka"))).isNotEmpty();
            long delivered = System.nanoTime();

            ConversationChecks checks = new ConversationChecks(platform) {};
            checks.awaitHead(BOB, fleeting, 2);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> checks.history(BOB).after(fleeting, 0).getMessagesCount() == 0);
            System.out.printf(
                    "deleted from history %d s after all had it%n",
                    Duration.ofNanos(System.nanoTime() - delivered).toSeconds());
            assertThat(checks.history(ALICE).after(lasting, 0).getMessagesCount())
                    .isEqualTo(1);

            // Nobody says anything any more.
            await().atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> FilesWith.text(gone, data.resolve("kafka")).isEmpty()
                            && FilesWith.text(kept, data.resolve("kafka")).isEmpty());
            System.out.printf(
                    "off the log's disk %d s after all had it%n",
                    Duration.ofNanos(System.nanoTime() - delivered).toSeconds());
            CassandraTools.flushAndCompact(platform.pid(RoleName.CASSANDRA), "parley");
        }
        platform.close();
        assertThat(FilesWith.text(gone, data)).isEmpty();
        assertThat(FilesWith.text(kept, data.resolve("cassandra"))).isNotEmpty();
    }

    @Test
    @Order(2)
    void a_platform_on_the_same_data_goes_on_where_the_last_one_stopped_and_leaves_no_process() throws Exception {
        platform.close();
        ParleyCommand parley = new ParleyCommand(platform.addresses(), data);
        Matcher ready = READY.matcher(parley.run("up", "--detach"));
        assertThat(ready.find()).isTrue();
        System.out.println("the same data: " + ready.group());
        assertThat(Double.parseDouble(ready.group(1))).isLessThan(START_LIMIT_SECONDS);

        state.assertKept();

        ProcessHandle supervisor = ProcessHandle.of(
                        RunningPlatform.on(data).orElseThrow().supervisorPid())
                .orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(supervisor), supervisor.descendants()).toList();
        assertThat(all).hasSizeGreaterThan(RoleName.usual().size());
        parley.run("down");
        assertThat(all).noneMatch(ProcessHandle::isAlive);
        assertThat(RunningPlatform.on(data)).isEmpty();
    }

    private static Platform start(Path data) throws PlatformException, IOException {
        return Platform.start(new Platform.Options(
                Installation.find(),
                data,
                Addresses.free(),
                RoleName.usual(),
                Map.of(
                        "PARLEY_LOG_KEPT_SECONDS",
                        "1",
                        "PARLEY_LOG_DELIVERIES_KEPT_SECONDS",
                        "2",
                        "PARLEY_LOG_FILE_SECONDS",
                        "3",
                        "PARLEY_KAFKA_RETENTION_CHECK_MILLIS",
                        "2000"),
                line -> System.out.println(line)));
    }
}
