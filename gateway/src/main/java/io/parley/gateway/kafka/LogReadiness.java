package io.parley.gateway.kafka;

import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
            List.of(LogTopics.COMMANDS, LogTopics.USER_COMMANDS, LogTopics.DELIVERIES, LogTopics.NODES);
    private static final long POLL_MILLIS = 200;

    private LogReadiness() {}

    /**
     * Returns when every topic is there.
     *
     * @return how many slots there are: partitions of the deliveries
     * @throws IOException when that is not so in time
     */
    public static int await(KafkaClient kafka, Duration timeout) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        Map<String, Object> settings = kafka.with(Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                2000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                2000));
        try (Admin admin = Admin.create(settings)) {
            boolean told = false;
            while (true) {
                try {
                    int slots = slots(admin);
                    LOG.info("Kafka is there slots={}", slots);
                    return slots;
                } catch (ExecutionException e) {
                    if (System.nanoTime() > deadlineNanos) {
                        throw new IOException("Kafka at " + kafka + " is not ready: " + e.getCause(), e);
                    }
                    if (!told) {
                        LOG.info("waiting for Kafka: {}", String.valueOf(e.getCause()));
                        told = true;
                    }
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
    }

    private static int slots(Admin admin) throws InterruptedException, ExecutionException {
        Map<String, TopicDescription> found =
                admin.describeTopics(TOPICS).allTopicNames().get();
        return Objects.requireNonNull(found.get(LogTopics.DELIVERIES))
                .partitions()
                .size();
    }
}
