package io.parley.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.LogTopics;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.EventDelivery;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReplyDelivery;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

final class TraceLinesTest {
    private static final ChatEvent EVENT = ChatEvent.newBuilder()
            .setSeq(42)
            .setId("m1")
            .setFrom("alice")
            .setText("secret")
            .build();

    private final TraceLines conversation = new TraceLines("alice~bob", false);
    private final TraceLines bob = new TraceLines("bob", false);

    @Test
    void a_message_is_a_command_an_event_and_a_delivery_with_the_time_since_the_log_took_it() {
        assertThat(line(conversation, LogTopics.COMMANDS, "alice~bob", command(), 5))
                .contains("+   5 ms  command   alice~bob send_message by=alice/phone id=m1");
        assertThat(line(conversation, LogTopics.EVENTS, "alice~bob", EVENT.toByteArray(), 12))
                .contains("+  12 ms  event     alice~bob seq=42 text from=alice id=m1");
        assertThat(line(conversation, LogTopics.DELIVERIES, "alice~bob", delivery(), 13))
                .contains("+  13 ms  delivery  node=3 alice~bob seq=42");
        assertThat(conversation.silence(60_000)).isEmpty();
    }

    @Test
    void an_event_that_no_node_gets_is_explained() {
        line(conversation, LogTopics.EVENTS, "alice~bob", EVENT.toByteArray(), 12);

        assertThat(conversation.silence(500)).isEmpty();
        assertThat(conversation.silence(2_000)).contains("alice~bob seq=42 went to no node");
        assertThat(conversation.silence(3_000)).isEmpty();
    }

    @Test
    void texts_are_shown_to_who_asks_for_them_only() {
        assertThat(line(conversation, LogTopics.COMMANDS, "alice~bob", command(), 5)
                        .orElseThrow())
                .doesNotContain("secret");
        assertThat(line(new TraceLines("alice", true), LogTopics.COMMANDS, "alice~bob", command(), 5)
                        .orElseThrow())
                .contains("text=secret");
    }

    @Test
    void what_is_about_others_is_left_out() {
        assertThat(line(bob, LogTopics.COMMANDS, "alice~carol", command(), 5)).isEmpty();
        assertThat(line(bob, LogTopics.EVENTS, "alice~carol", EVENT.toByteArray(), 5))
                .isEmpty();
        assertThat(line(bob, LogTopics.DELIVERIES, "alice~carol", delivery(), 5))
                .isEmpty();
        assertThat(line(bob, LogTopics.COMMANDS, "alice~carol", new byte[] {1, 2, 3}, 5))
                .isEmpty();
    }

    @Test
    void a_refusal_says_why() {
        byte[] refusal = Delivery.newBuilder()
                .setReply(ReplyDelivery.newBuilder()
                        .setUser("bob")
                        .setDevice("phone")
                        .setReply(Reply.newBuilder()
                                .setError(Error.newBuilder()
                                        .setCode(ErrorCode.NOT_ALLOWED)
                                        .setMessage("you were blocked")
                                        .setMessageId("m2"))))
                .build()
                .toByteArray();

        assertThat(line(bob, LogTopics.DELIVERIES, "bob", refusal, 9))
                .contains("+   9 ms  REFUSED   node=3 to bob/phone code=NOT_ALLOWED reason=you were blocked id=m2");
    }

    private static byte[] command() {
        return ConversationCommand.newBuilder()
                .setOrigin(Origin.newBuilder().setUser("alice").setDevice("phone"))
                .setSendMessage(SendMessage.newBuilder()
                        .setPublication(Publication.newBuilder().setId("m1").setText("secret")))
                .build()
                .toByteArray();
    }

    private static byte[] delivery() {
        return Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder().setSeq(42).setEvent(EVENT.toByteString()))
                .build()
                .toByteArray();
    }

    private static Optional<String> line(TraceLines lines, String topic, String key, byte[] value, long afterMillis) {
        return lines.line(
                new ConsumerRecord<>(
                        topic,
                        3,
                        0,
                        0L,
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        key.getBytes(StandardCharsets.UTF_8),
                        value,
                        new RecordHeaders(),
                        Optional.empty()),
                afterMillis);
    }
}
