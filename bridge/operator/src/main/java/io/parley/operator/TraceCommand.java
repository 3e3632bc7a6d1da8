package io.parley.operator;

import io.parley.protocol.ConversationId;
import io.parley.protocol.LogTopics;
import io.parley.protocol.UserId;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley trace}. */
@Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        description = {
            "Shows live what happens to one user or conversation, until interrupted: commands, events, deliveries to nodes, refusals, push.",
            "The time in each line is how long ago the log took the command that it comes of."
        })
final class TraceCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final Duration POLL = Duration.ofMillis(200);
    private static final List<String> TOPICS = List.of(
            LogTopics.COMMANDS,
            LogTopics.USER_COMMANDS,
            LogTopics.EVENTS,
            LogTopics.DELIVERIES,
            LogTopics.NOTIFICATIONS,
            LogTopics.DEAD_LETTERS);

    @Parameters(paramLabel = "USER|CONVERSATION", description = "alice, alice~bob or a group's id")
    @SuppressWarnings("NullAway.Init")
    private String subject;

    @Option(names = "--texts", description = "Shows what people write, too.")
    private boolean texts;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "0",
            description = "Ends after so many seconds (default: never).")
    private int seconds;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec usage;

    @Override
    public Integer call() throws AdminException, ExecutionException, InterruptedException {
        if (!UserId.isValid(subject) && !isConversation(subject)) {
            throw new ParameterException(
                    usage.commandLine(), "\"" + subject + "\" is neither a user nor a conversation, such as alice~bob");
        }
        KafkaSettings kafka = KafkaSettings.from(Settings.load());
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                kafka.client().with(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            Patience.USUAL.await("Kafka", () -> {
                assign(consumer);
                return true;
            });
            System.out.println("tracing " + subject);
            follow(consumer, new TraceLines(subject, texts));
        }
        return 0;
    }

    private static boolean isConversation(String text) {
        try {
            ConversationId.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void assign(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = TOPICS.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer, TraceLines lines) {
        long startNanos = System.nanoTime();
        while (seconds == 0
                || System.nanoTime() - startNanos < Duration.ofSeconds(seconds).toNanos()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.value() != null) {
                    long nowMillis = System.currentTimeMillis();
                    lines.line(record, nowMillis)
                            .ifPresent(line ->
                                    System.out.println(TIME.format(Instant.ofEpochMilli(nowMillis)) + " " + line));
                }
            }
            System.out.print(lines.silence(System.currentTimeMillis()));
            System.out.flush();
        }
    }
}
