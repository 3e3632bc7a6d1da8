package io.parley.push.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.protocol.LogTopics;
import io.parley.protocol.log.DeadLetter;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.push.Alert;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.protocol.push.TokenGone;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushProvider;
import io.parley.push.sending.Lane;
import io.parley.push.sending.LaneMetrics;
import io.parley.push.sending.SendSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop with Kafka's own stand-ins for a consumer and a producer. */
final class NotificationLoopTest {
    private static final TopicPartition PARTITION = new TopicPartition(LogTopics.NOTIFICATIONS, 0);
    private static final TopicPartition OTHER = new TopicPartition(LogTopics.NOTIFICATIONS, 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
    private final HeldProvider provider = new HeldProvider();
    private final AtomicLong millis = new AtomicLong(1000);
    private final NotificationLoop loop = new NotificationLoop(
            consumer,
            PushPlatform.APNS,
            new OutcomeLog(producer),
            endings -> new Lane(
                    provider,
                    new SendSettings(
                            4,
                            100,
                            Duration.ofMinutes(1),
                            Duration.ofSeconds(1),
                            Duration.ofMinutes(1),
                            Duration.ofHours(1),
                            new SendSettings.Breaker(100, 50, Duration.ofSeconds(1), Duration.ofMinutes(1), 3)),
                    Clock.systemUTC(),
                    new SplittableRandom(1),
                    new LaneMetrics(new SimpleMeterRegistry(), PushPlatform.APNS),
                    endings),
            millis::get);

    @BeforeEach
    void join() {
        loop.subscribe(() -> {});
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L, OTHER, 0L));
        consumer.rebalance(List.of(PARTITION));
    }

    @Test
    void an_offset_is_committed_when_all_before_it_have_ended() {
        add(0, "a", token("t"));
        add(1, "b", token("t"));
        turn();
        provider.answer("b", new PushOutcome.Accepted());
        turn();
        assertThat(committed()).isZero();

        provider.answer("a", new PushOutcome.Accepted());
        turn();

        assertThat(committed()).isEqualTo(2);
    }

    @Test
    void of_a_notification_only_the_platforms_tokens_are_sent_and_the_rest_is_passed() {
        add(0, "a", token("t").toBuilder().setPlatform(PushPlatform.FCM).build(), token("u"), token("v"));
        add(1, "b", token("w").toBuilder().setPlatform(PushPlatform.WEB_PUSH).build());
        turn();
        assertThat(provider.tokens()).containsExactly("u", "v");

        provider.answer("a", new PushOutcome.Accepted());
        turn();

        assertThat(committed()).isEqualTo(2);
    }

    @Test
    void a_token_that_is_gone_is_told_to_its_user_before_the_offset_is_committed() throws Exception {
        add(0, "a", token("t"));
        turn();
        provider.answer("a", new PushOutcome.TokenGone(777, "Unregistered"));
        turn();
        assertThat(committed()).isZero();

        ProducerRecord<String, byte[]> record = producer.history().get(0);
        producer.completeNext();
        turn();

        assertThat(record.topic()).isEqualTo(LogTopics.USER_COMMANDS);
        assertThat(record.key()).isEqualTo("ann");
        assertThat(UserCommand.parseFrom(record.value()).getTokenGone())
                .isEqualTo(TokenGone.newBuilder()
                        .setPlatform(PushPlatform.APNS)
                        .setToken("t")
                        .setAsOfMillis(777)
                        .build());
        assertThat(committed()).isEqualTo(1);
    }

    @Test
    void what_failed_becomes_a_dead_letter_with_its_reason_and_without_text_and_token() throws Exception {
        add(0, "a", token("secret-token"));
        turn();
        provider.answer("a", new PushOutcome.Refused("PayloadTooLarge"));
        turn();

        ProducerRecord<String, byte[]> record = producer.history().get(0);
        DeadLetter letter = DeadLetter.parseFrom(record.value());
        assertThat(record.topic()).isEqualTo(LogTopics.DEAD_LETTERS);
        assertThat(letter.getReason()).isEqualTo("push to APNS: PayloadTooLarge");
        assertThat(letter.getTopic()).isEqualTo(LogTopics.NOTIFICATIONS);
        assertThat(letter.getCommand()).isEqualTo("alert");
        assertThat(letter.getRecordBytes()).isPositive();
        assertThat(new String(record.value(), StandardCharsets.ISO_8859_1))
                .doesNotContain("secret-token")
                .doesNotContain("what nobody else should read");
    }

    @Test
    void an_outcome_that_cannot_be_written_ends_the_reading_and_commits_nothing() {
        add(0, "a", token("t"));
        turn();
        provider.answer("a", new PushOutcome.Refused("PayloadTooLarge"));
        turn();
        producer.errorNext(new IllegalStateException("away"));

        assertThatThrownBy(this::turn).isInstanceOf(KafkaException.class);
        assertThat(committed()).isZero();
    }

    @Test
    void what_is_no_notification_becomes_a_dead_letter_and_what_says_nothing_is_passed() throws Exception {
        consumer.addRecord(new ConsumerRecord<>(
                LogTopics.NOTIFICATIONS, 0, 0, "ann".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2, 3}));
        consumer.addRecord(new ConsumerRecord<>(LogTopics.NOTIFICATIONS, 0, 1, null, null));
        Notification ofNoKind =
                Notification.newBuilder().setUser("ann").addTokens(token("t")).build();
        consumer.addRecord(new ConsumerRecord<>(LogTopics.NOTIFICATIONS, 0, 2, null, ofNoKind.toByteArray()));
        turn();
        DeadLetter letter = DeadLetter.parseFrom(producer.history().get(0).value());
        producer.completeNext();
        producer.completeNext();
        turn();

        assertThat(letter.getReason()).isEqualTo("not a notification");
        assertThat(provider.tokens()).isEmpty();
        assertThat(committed()).isEqualTo(3);
    }

    @Test
    void a_full_lane_holds_the_log_back_until_it_has_room() {
        for (int offset = 0; offset < 6; offset++) {
            add(offset, "c" + offset, token("t"));
        }
        turn();
        assertThat(consumer.paused()).containsExactly(PARTITION);
        add(6, "c6", token("t"));
        turn();
        assertThat(provider.tokens()).hasSize(6);

        for (int offset = 0; offset < 4; offset++) {
            provider.answer("c" + offset, new PushOutcome.Accepted());
        }
        turn();
        assertThat(consumer.paused()).isEmpty();
        turn();

        assertThat(provider.tokens()).hasSize(7);
    }

    @Test
    void a_partition_that_comes_while_the_lane_is_full_is_held_back_too() {
        for (int offset = 0; offset < 6; offset++) {
            add(offset, "c" + offset, token("t"));
        }
        turn();
        consumer.rebalance(List.of(PARTITION, OTHER));

        assertThat(consumer.paused()).contains(OTHER);
    }

    @Test
    void a_partition_that_goes_is_committed_first_and_what_ends_afterwards_counts_for_nothing() {
        add(0, "a", token("t"));
        add(1, "b", token("t"));
        turn();
        provider.answer("a", new PushOutcome.Accepted());
        loop.turn();
        consumer.rebalance(List.of(OTHER));
        provider.answer("b", new PushOutcome.Accepted());
        turn();
        consumer.rebalance(List.of(PARTITION));

        assertThat(committed()).isEqualTo(1);
        add(1, "b", token("t"));
        turn();
        assertThat(committed()).isEqualTo(1);
        provider.answer("b", new PushOutcome.Accepted());
        turn();
        assertThat(committed()).isEqualTo(2);
    }

    @Test
    void a_loop_that_stops_sends_no_more_and_commits_what_has_ended() {
        add(0, "a", token("t"));
        turn();
        loop.stop();
        add(1, "b", token("t"));
        provider.answer("a", new PushOutcome.Accepted());
        loop.turn();
        loop.finish();

        assertThat(provider.tokens()).hasSize(1);
        assertThat(loop.isSending()).isFalse();
        assertThat(committed()).isEqualTo(1);
    }

    /** Reads, sends, and commits what has ended. */
    private void turn() {
        loop.turn();
        millis.addAndGet(1000);
        loop.turn();
    }

    private long committed() {
        OffsetAndMetadata committed =
                consumer.committed(java.util.Set.of(PARTITION)).get(PARTITION);
        return committed == null ? 0 : committed.offset();
    }

    private void add(long offset, String conversation, PushToken... tokens) {
        consumer.addRecord(new ConsumerRecord<>(
                LogTopics.NOTIFICATIONS,
                0,
                offset,
                "ann".getBytes(StandardCharsets.UTF_8),
                Notification.newBuilder()
                        .setUser("ann")
                        .setConversation(conversation)
                        .addAllTokens(List.of(tokens))
                        .setAlert(Alert.newBuilder().setBody("what nobody else should read"))
                        .build()
                        .toByteArray()));
    }

    private static PushToken token(String token) {
        return PushToken.newBuilder()
                .setPlatform(PushPlatform.APNS)
                .setToken(token)
                .build();
    }

    /** Answers when the test says so. */
    private static final class HeldProvider implements PushProvider {
        private final List<String> tokens = new ArrayList<>();
        private final Map<String, List<CompletableFuture<PushOutcome>>> open = new LinkedHashMap<>();

        @Override
        public PushPlatform platform() {
            return PushPlatform.APNS;
        }

        @Override
        public CompletionStage<PushOutcome> send(PushToken token, Notification notification) {
            CompletableFuture<PushOutcome> answer = new CompletableFuture<>();
            tokens.add(token.getToken());
            open.computeIfAbsent(notification.getConversation(), name -> new ArrayList<>())
                    .add(answer);
            return answer;
        }

        @Override
        public void close() {}

        List<String> tokens() {
            return tokens;
        }

        void answer(String conversation, PushOutcome outcome) {
            List<CompletableFuture<PushOutcome>> answers = open.remove(conversation);
            assertThat(answers).isNotNull();
            java.util.Objects.requireNonNull(answers).forEach(answer -> answer.complete(outcome));
        }
    }
}
