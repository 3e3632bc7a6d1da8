package io.parley.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.audit.Seeds;
import io.parley.protocol.ConversationId;
import io.parley.protocol.LogPartition;
import io.parley.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

/** Kafka's client is the reference. */
final class LogPartitionTest {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_.-";

    @Test
    void it_is_where_kafka_puts_the_key() {
        Seeds.play(100, seed -> {
            Random random = new Random(seed);
            for (int i = 0; i < 100; i++) {
                ConversationId id = ConversationId.direct(user("u", random), user("v", random));
                byte[] key = id.value().getBytes(StandardCharsets.UTF_8);
                int partitions = 1 + random.nextInt(1024);
                assertThat(LogPartition.of(id, partitions))
                        .as("%s of %d", id, partitions)
                        .isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
            }
        });
    }

    private static UserId user(String first, Random random) {
        StringBuilder name = new StringBuilder(first);
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return UserId.parse(name.append(random.nextInt(1000)).toString());
    }
}
