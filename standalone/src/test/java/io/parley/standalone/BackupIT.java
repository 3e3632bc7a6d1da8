package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.LogTopics;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Delete;
import io.parley.protocol.wire.Edit;
import io.parley.protocol.wire.Publication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What {@code docs/operations/backup.md} says: history is restored from a snapshot, and the log fills up what came after it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("quiet")
class BackupIT {
    private static final UserId ANN = UserId.parse("backup-ann");
    private static final UserId BEN = UserId.parse("backup-ben");
    private static final ConversationId PAIR = ConversationId.direct(ANN, BEN);
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String SNAPSHOT = "yesterday";
    private static final int BEFORE = 5;
    /** Five more messages, an edit and a deletion. */
    private static final int AFTER = 7;

    private Platform platform;
    private ConversationChecks checks;

    @SuppressWarnings("NullAway.Init")
    BackupIT() {}

    @BeforeAll
    void start() throws Exception {
        Path folder = Files.createDirectories(Path.of("target", "platform").toAbsolutePath());
        platform = Platform.start(new Platform.Options(
                Installation.find(),
                Files.createTempDirectory(folder, "backup"),
                Addresses.free(),
                RoleName.usual(),
                Map.of("PARLEY_LOG_REFILL_HOURS", "48", "PARLEY_LOG_KEPT_SECONDS", "1"),
                Progress.silent()));
        checks = new ConversationChecks(platform) {};
    }

    @AfterAll
    void stop() {
        platform.close();
    }

    @Test
    void a_snapshot_is_restored_and_the_log_fills_up_what_came_after_it() throws Exception {
        List<ChatEvent> whole = talk();

        platform.hold(RoleName.ENGINE);
        platform.kill(RoleName.ENGINE);
        platform.hold(RoleName.CASSANDRA);
        platform.kill(RoleName.CASSANDRA);
        restore(platform.data().resolve("cassandra"));
        platform.release(RoleName.CASSANDRA);
        platform.awaitReady(RoleName.CASSANDRA, LIMIT);
        await().atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(history()).isEqualTo(BEFORE));

        refill();
        platform.release(RoleName.ENGINE);
        platform.awaitReady(RoleName.ENGINE, LIMIT);
        // It remembers rows that it read before.
        platform.restart(RoleName.HISTORY);

        checks.awaitHead(ANN, PAIR, BEFORE + AFTER);
        List<ChatEvent> restored = checks.history(ANN).after(PAIR, 0).getMessagesList();
        assertThat(restored).isEqualTo(whole);
        assertThat(restored.get(1).getText()).isEqualTo("changed");
        assertThat(restored.get(2).hasDeletedMessage()).isTrue();
    }

    /** What history has of it. A snapshot is taken in between. */
    private List<ChatEvent> talk() throws Exception {
        try (HiveDevice ann = HiveDevice.connect(platform, ANN + "/phone");
                HiveDevice ben = HiveDevice.connect(platform, BEN + "/phone")) {
            ben.subscribe(PAIR);
            for (int i = 1; i <= BEFORE; i++) {
                ann.send(PAIR, "m" + i, "text " + i);
            }
            checks.awaitHead(ANN, PAIR, BEFORE);
            CassandraTools.snapshot(platform.pid(RoleName.CASSANDRA), "parley", SNAPSHOT);
            for (int i = 1; i <= BEFORE; i++) {
                ann.send(PAIR, "later" + i, "later text " + i);
            }
            ann.send(
                    PAIR,
                    Publication.newBuilder()
                            .setId("edit")
                            .setEdit(Edit.newBuilder().setSeq(2).setText("changed"))
                            .build());
            ann.send(
                    PAIR,
                    Publication.newBuilder()
                            .setId("delete")
                            .setDelete(Delete.newBuilder().setSeq(3))
                            .build());
            await().atMost(LIMIT).until(() -> ben.count() == BEFORE + AFTER);
        }
        checks.awaitHead(ANN, PAIR, BEFORE + AFTER);
        await().atMost(LIMIT).until(() -> text(2).equals("changed"));
        return checks.history(ANN).after(PAIR, 0).getMessagesList();
    }

    private int history() throws Exception {
        return checks.history(ANN).after(PAIR, 0).getMessagesCount();
    }

    private String text(int seq) throws Exception {
        return checks.history(ANN).after(PAIR, 0).getMessages(seq - 1).getText();
    }

    /** The tables have the snapshot's files, and nothing that was written since is played again. */
    private static void restore(Path cassandra) throws IOException {
        empty(cassandra.resolve("commitlog"));
        try (Stream<Path> tables = Files.list(cassandra.resolve("data").resolve("parley"))) {
            for (Path table : tables.toList()) {
                empty(table);
                Path snapshot = table.resolve("snapshots").resolve(SNAPSHOT);
                if (Files.isDirectory(snapshot)) {
                    for (Path file : files(snapshot)) {
                        Files.copy(file, table.resolve(file.getFileName()));
                    }
                }
            }
        }
    }

    private static void empty(Path folder) throws IOException {
        for (Path file : files(folder)) {
            Files.delete(file);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** As {@code kafka-consumer-groups --reset-offsets --to-earliest}, while no archiver runs. */
    private void refill() throws Exception {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                Addresses.HOST + ":" + platform.addresses().of(Port.KAFKA)))) {
            Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
            admin.describeTopics(List.of(LogTopics.EVENTS, LogTopics.POINTERS))
                    .allTopicNames()
                    .get()
                    .values()
                    .forEach(topic -> IntStream.range(0, topic.partitions().size())
                            .forEach(i -> earliest.put(new TopicPartition(topic.name(), i), OffsetSpec.earliest())));
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            admin.listOffsets(earliest)
                    .all()
                    .get()
                    .forEach((partition, found) -> offsets.put(partition, new OffsetAndMetadata(found.offset())));
            // The killed archiver leaves its group when its session is over.
            await().atMost(LIMIT).ignoreExceptions().until(() -> {
                admin.alterConsumerGroupOffsets(LogTopics.ARCHIVE_READER, offsets)
                        .all()
                        .get();
                return true;
            });
        }
    }
}
