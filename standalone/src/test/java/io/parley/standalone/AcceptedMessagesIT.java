package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.React;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is a message, and when it is the same one. */
@WithPlatform
class AcceptedMessagesIT extends ConversationChecks {
    private static final UserId BOB = UserId.parse("accepted-bob");
    private static final int PAYLOAD_FORMAT_INVALID = 0x99;

    AcceptedMessagesIT(Platform platform) {
        super(platform);
    }

    @Test
    void a_text_in_braces_is_a_text() throws Exception {
        UserId amy = UserId.parse("accepted-amy");
        ConversationId conversation = ConversationId.direct(amy, BOB);
        List<String> texts = List.of("{hello}", "{", "{{name}} is here", "{ :-)", "  {indented} code");
        try (HiveDevice atBob = device(BOB, "with-amy", conversation);
                PahoV3Client atAmy = new PahoV3Client(Login.of(platform(), amy, "phone"))) {
            for (String text : texts) {
                atAmy.publish("chat/@" + BOB + "/msg", text.getBytes(StandardCharsets.UTF_8));
            }
            awaitEvents(atBob, texts.size());
            assertThat(atBob.events()).extracting(ChatEvent::getText).isEqualTo(texts);
            assertThat(atAmy.isConnected()).isTrue();
        }
    }

    @Test
    void what_could_not_be_delivered_is_refused() throws Exception {
        UserId ann = UserId.parse("accepted-ann");
        ConversationId conversation = ConversationId.direct(ann, BOB);
        try (HiveDevice atBob = device(BOB, "with-ann", conversation);
                HiveDevice atAnn = device(ann, "phone", conversation)) {
            assertThatThrownBy(() -> atAnn.publish(conversation, "m1", "\"".repeat(100_000))
                            .get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            Mqtt5PubAckException.class,
                            refused -> assertThat(refused.getMqttMessage()
                                            .getReasonCode()
                                            .getCode())
                                    .isEqualTo(PAYLOAD_FORMAT_INVALID));
            atAnn.send(conversation, "m2", "x".repeat(131_072));
            awaitEvents(atBob, 1);
            assertThat(atBob.events().get(0).getText()).hasSize(131_072);
            assertThat(atAnn.refused(
                                    conversation,
                                    Publication.newBuilder()
                                            .setId("r1")
                                            .setReact(
                                                    React.newBuilder().setSeq(1).setEmoji("\u200D"))
                                            .build())
                            .getCode())
                    .isEqualTo(ErrorCode.BAD_REQUEST);
        }
    }

    @Test
    void a_message_stays_the_same_whatever_another_device_sends_meanwhile() throws Exception {
        UserId eve = UserId.parse("accepted-eve");
        ConversationId conversation = ConversationId.direct(eve, BOB);
        try (HiveDevice atBob = device(BOB, "with-eve", conversation);
                HiveDevice phone = HiveDevice.connect(platform(), eve + "/phone");
                HiveDevice laptop = HiveDevice.connect(platform(), eve + "/laptop")) {
            phone.send(conversation, "x", "once");
            for (int i = 0; i < 300; i++) {
                laptop.send(conversation, "l" + i, "more");
            }
            phone.send(conversation, "x", "once");
            phone.send(conversation, "end", "end");
            awaitEvents(atBob, 302);
            assertThat(atBob.events().get(301).getText()).isEqualTo("end");
        }
    }
}
