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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A message that all have, in a conversation that keeps nothing longer, leaves no byte on the disk. On a platform of its own, which it stops. */
class StoredTextIT {
    private static final UserId ALICE = UserId.parse("alice");
    private static final UserId BOB = UserId.parse("bob");
    private static final UserId CAROL = UserId.parse("carol");

    @Test
    void what_all_have_leaves_no_byte() throws Exception {
        String gone = "gone-" + UUID.randomUUID();
        String kept = "kept-" + UUID.randomUUID();
        ConversationId fleeting = ConversationId.direct(ALICE, BOB);
        ConversationId lasting = ConversationId.direct(ALICE, CAROL);
        Path folder = Files.createDirectories(Path.of("target", "platform").toAbsolutePath());
        Path data = Files.createTempDirectory(folder, "stored");
        try (Platform platform = start(data);
                HiveDevice atAlice = HiveDevice.connect(platform, ALICE + "/phone");
                HiveDevice atBob = HiveDevice.connect(platform, BOB + "/phone")) {
            atAlice.subscribe(fleeting);
            atAlice.subscribe(lasting);
            atBob.subscribe(fleeting);
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
            atAlice.send(fleeting, "m1", gone);
            atAlice.send(lasting, "m2", kept);
            await().atMost(Duration.ofSeconds(30)).until(() -> atBob.count() == 2 && atAlice.count() == 3);
            assertThat(filesWith(gone, data.resolve("kafka"))).isNotEmpty();
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

            // Nobody says anything any more. Kafka looks for files to delete every 30 s.
            await().atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> filesWith(gone, data.resolve("kafka")).isEmpty()
                            && filesWith(kept, data.resolve("kafka")).isEmpty());
            System.out.printf(
                    "off the log's disk %d s after all had it%n",
                    Duration.ofNanos(System.nanoTime() - delivered).toSeconds());
            CassandraTools.flushAndCompact(platform.pid(RoleName.CASSANDRA), "parley");
        }
        assertThat(filesWith(gone, data)).isEmpty();
        assertThat(filesWith(kept, data.resolve("cassandra"))).isNotEmpty();
    }

    private static Platform start(Path data) throws PlatformException, IOException {
        return Platform.start(new Platform.Options(
                Installation.find(),
                data,
                Addresses.free(),
                EnumSet.allOf(RoleName.class),
                Map.of(
                        "PARLEY_LOG_KEPT_SECONDS",
                        "1",
                        "PARLEY_LOG_DELIVERIES_KEPT_SECONDS",
                        "2",
                        "PARLEY_LOG_FILE_SECONDS",
                        "3"),
                line -> System.out.println(line)));
    }

    private static List<Path> filesWith(String text, Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        List<Path> found = new ArrayList<>();
        for (Path file : files) {
            if (contains(file, text.getBytes(StandardCharsets.UTF_8))) {
                found.add(file);
            }
        }
        return found;
    }

    private static boolean contains(Path file, byte[] text) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return false;
        }
        ByteBuffer wanted = ByteBuffer.wrap(text);
        for (int at = 0; at + text.length <= bytes.length; at++) {
            if (bytes[at] == text[0] && ByteBuffer.wrap(bytes, at, text.length).equals(wanted)) {
                return true;
            }
        }
        return false;
    }
}
