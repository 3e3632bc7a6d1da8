package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.bridge.engine.TopicPlan.Found;
import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import io.parley.runtime.BadSetting;
import io.parley.runtime.KafkaSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What an engine says of topics that are not what its settings ask for. */
final class TopicPlanTest {
    private static final KafkaSettings KAFKA = new KafkaSettings(KafkaClient.at("kafka:9092"), 64, (short) 3);

    @Test
    void another_number_of_partitions_is_refused_with_what_is_there_what_was_asked_and_what_to_do() {
        assertThatThrownBy(() -> plan(LogTopics.COMMANDS).check(new Found(1, 3)))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.commands has 1 partition ")
                .hasMessageContaining("parley.kafka.partitions asks for 64")
                .hasMessageEndingWith("set parley.kafka.partitions = 1");
    }

    @Test
    void another_number_of_replicas_is_refused() {
        assertThatThrownBy(() -> plan(LogTopics.NODES).check(new Found(1, 1)))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.nodes has 1 replica ")
                .hasMessageContaining("kafka-reassign-partitions")
                .hasMessageEndingWith("set parley.kafka.replication = 1");
    }

    @Test
    void slots_are_added_and_never_taken_away() {
        TopicPlan deliveries = plan(LogTopics.DELIVERIES);

        assertThatCode(() -> deliveries.check(new Found(8, 3))).doesNotThrowAnyException();
        assertThat(deliveries.grows(new Found(8, 3))).isTrue();
        assertThat(deliveries.grows(new Found(16, 3))).isFalse();
        assertThatThrownBy(() -> deliveries.check(new Found(32, 3)))
                .isInstanceOf(BadSetting.class)
                .hasMessageEndingWith("set parley.deliveries.slots = 32");
    }

    @Test
    void what_is_as_it_was_asked_is_fine_and_commands_have_the_time_of_the_log() {
        for (TopicPlan plan : TopicPlan.all(KAFKA, 16, Duration.ofDays(30))) {
            assertThatCode(() -> plan.check(new Found(plan.partitions(), 3))).doesNotThrowAnyException();
            assertThat(plan.configs()).containsEntry("min.insync.replicas", "2");
        }
        assertThat(plan(LogTopics.COMMANDS).configs()).containsEntry("message.timestamp.type", "LogAppendTime");
    }

    private static TopicPlan plan(String topic) {
        return TopicPlan.all(KAFKA, 16, Duration.ofDays(30)).stream()
                .filter(plan -> plan.name().equals(topic))
                .findFirst()
                .orElseThrow();
    }
}
