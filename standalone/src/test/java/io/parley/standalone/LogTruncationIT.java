package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.LogTopics;
import io.parley.protocol.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Kafka keeps a message no longer than its readers need; history has it. */
@WithPlatform
class LogTruncationIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Platform platform;

    LogTruncationIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void what_all_have_read_is_dropped() throws Exception {
        UserId amy = UserId.parse("truncation-amy");
        ConversationId conversation = ConversationId.direct(amy, UserId.parse("truncation-ben"));
        try (HiveDevice atAmy = HiveDevice.connect(platform, amy + "/phone");
                Admin admin = Admin.create(Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                        platform.addresses().kafka()))) {
            atAmy.subscribe(conversation);
            atAmy.send(conversation, "m1", "short-lived in the log");
            await().atMost(LIMIT).until(() -> atAmy.count() == 1);
            // A plugin that was here once holds back nothing for long.
            String gone = LogTopics.pluginReader("gone", "everything");
            admin.alterConsumerGroupOffsets(
                            gone,
                            offsets(admin, LogTopics.EVENTS, OffsetSpec.earliest()).entrySet().stream()
                                    .collect(Collectors.toMap(
                                            Map.Entry::getKey, start -> new OffsetAndMetadata(start.getValue()))))
                    .all()
                    .get();

            for (String topic : List.of(LogTopics.COMMANDS, LogTopics.EVENTS)) {
                Map<TopicPartition, Long> ends = offsets(admin, topic, OffsetSpec.latest());
                assertThat(ends.values()).anyMatch(end -> end > 0);
                await().atMost(LIMIT).untilAsserted(() -> {
                    Map<TopicPartition, Long> starts = offsets(admin, topic, OffsetSpec.earliest());
                    ends.forEach((partition, end) -> assertThat(starts.get(partition))
                            .as("the start of " + partition)
                            .isGreaterThanOrEqualTo(end - 1));
                });
            }
        }
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, String topic, OffsetSpec spec) throws Exception {
        Map<TopicPartition, OffsetSpec> wanted =
                admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                        .flatMap(description -> description.partitions().stream())
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .collect(Collectors.toMap(Function.identity(), partition -> spec));
        Map<TopicPartition, ListOffsetsResultInfo> found =
                admin.listOffsets(wanted).all().get();
        return found.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }
}
