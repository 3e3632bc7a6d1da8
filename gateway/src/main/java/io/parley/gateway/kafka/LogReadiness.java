package io.parley.gateway.kafka;

import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for Kafka and for the topics, which the engine makes. */
public final class LogReadiness {
    private static final Logger LOG = LoggerFactory.getLogger(LogReadiness.class);
    private static final List<String> TOPICS =
            List.of(LogTopics.COMMANDS, LogTopics.USER_COMMANDS, LogTopics.DELIVERIES);
    private static final long POLL_MILLIS = 200;

    private LogReadiness() {}

    /**
     * Returns when every topic is there and the slot is a partition of the deliveries.
     *
     * @throws IOException when that is not so in time
     */
    public static void await(KafkaClient kafka, int slot, Duration timeout) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        Map<String, Object> settings = kafka.with(Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                2000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                2000));
        try (Admin admin = Admin.create(settings)) {
            String missing = missing(admin, slot);
            LOG.info(missing.isEmpty() ? "Kafka is there" : "waiting for Kafka: {}", missing);
            while (!missing.isEmpty()) {
                if (System.nanoTime() > deadlineNanos) {
                    throw new IOException("Kafka at " + kafka + " is not ready: " + missing);
                }
                Thread.sleep(POLL_MILLIS);
                missing = missing(admin, slot);
            }
        }
    }

    private static String missing(Admin admin, int slot) throws InterruptedException {
        try {
            Map<String, TopicDescription> found =
                    admin.describeTopics(TOPICS).allTopicNames().get();
            TopicDescription deliveries = found.get(LogTopics.DELIVERIES);
            if (deliveries == null || deliveries.partitions().size() <= slot) {
                return "slot " + slot + " is no partition of " + LogTopics.DELIVERIES;
            }
            return "";
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        }
    }
}
