package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Typing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is there and who types, as others see it; and a user's own devices. */
@WithPlatform
class PresenceIT extends SignalChecks {
    PresenceIT(Platform platform) {
        super(platform);
    }

    @Test
    void who_types_is_seen_by_the_others_and_ends_by_itself() throws Exception {
        ConversationId chat = direct("sig-cat", "sig-dan");
        try (HiveMqClient cat = client("sig-cat", "phone");
                HiveMqClient dan = client("sig-dan", "phone")) {
            cat.subscribe("chat/" + chat + "/#");
            dan.subscribe("chat/" + chat + "/typing");
            cat.publish("chat/" + chat + "/msg", "so that the conversation exists");
            await().atMost(LIMIT)
                    .until(() -> cat.received().stream()
                            .anyMatch(message -> message.payload().contains("so that the conversation exists")));
            dan.publish("chat/" + chat + "/typing", "{\"typing\":true}");
            dan.publish("chat/" + chat + "/typing", "{\"typing\":true}");
            Typing typing =
                    Typing.newBuilder().setUser("sig-dan").setTyping(true).build();
            Typing ended = Typing.newBuilder().setUser("sig-dan").build();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(all(cat, chat, "typing", Typing.newBuilder()))
                            .containsExactly(typing, ended));
            assertThat(cat.received())
                    .anyMatch(message -> message.payload().equals("{\"user\":\"sig-dan\",\"typing\":false}"));
            assertThat(dan.received()).isEmpty();
        }
    }

    @Test
    void a_user_is_online_while_a_device_is_and_a_reconnect_shows_nothing() throws Exception {
        ConversationId chat = direct("sig-eve", "sig-fay");
        try (HiveMqClient eve = client("sig-eve", "phone")) {
            eve.subscribe("chat/" + chat + "/presence");
            eve.publish("chat/" + chat + "/msg", "so that the conversation exists");
            HiveMqClient fay = client("sig-fay", "phone");
            await().atMost(LIMIT).until(() -> presence(eve, chat, "sig-fay").getOnline());
            int told = eve.received().size();

            fay.close();
            client("sig-fay", "tablet").close();
            await().atMost(LIMIT).until(() -> !presence(eve, chat, "sig-fay").getOnline());
            assertThat(presence(eve, chat, "sig-fay").hasLastSeen()).isTrue();
            assertThat(eve.received().subList(told, eve.received().size()))
                    .as("one news, that they are gone")
                    .hasSize(1);
        }
        try (HiveMqClient eve = client("sig-eve", "tablet")) {
            eve.subscribe("chat/+/presence");
            await().atMost(SOON).until(() -> presence(eve, chat, "sig-fay").hasLastSeen());
        }
    }

    @Test
    void who_is_blocked_cannot_write_and_is_not_told_who_blocks_nor_who_reads() throws Exception {
        ConversationId chat = direct("sig-kim", "sig-lou");
        try (HiveMqClient kim = client("sig-kim", "phone");
                HiveMqClient lou = client("sig-lou", "phone")) {
            kim.subscribe("chat/+/#");
            lou.subscribe("chat/+/#");
            lou.subscribe("user/sig-lou/reply");
            lou.publish("chat/@sig-kim/msg", "before");
            await().atMost(LIMIT).until(() -> presence(lou, chat, "sig-kim").getOnline());

            assertThat(request(kim, "sig-kim", "{\"requestId\":\"b\",\"block\":{\"user\":\"sig-lou\"}}")
                            .hasOk())
                    .isTrue();
            await().atMost(LIMIT).until(() -> !presence(lou, chat, "sig-kim").getOnline());
            lou.publish("chat/@sig-kim/msg", "{\"id\":\"m2\",\"text\":\"blocked\"}");
            await().atMost(LIMIT)
                    .until(() -> lou.received().stream()
                            .anyMatch(message -> message.payload().contains("NOT_ALLOWED")
                                    && message.payload().contains("\"messageId\":\"m2\"")));
            kim.publish("chat/@sig-lou/receipt", "{\"read\":1}");
            await().atMost(LIMIT).until(() -> pointer(kim, chat, "sig-kim").getRead() == 1);
            // What lou is told of her own pointer comes after what she would be told of kim's.
            assertThat(pointer(lou, chat, "sig-lou").getRead()).isZero();
            lou.publish("chat/@sig-kim/receipt", "{\"read\":1}");
            await().atMost(LIMIT).until(() -> pointer(lou, chat, "sig-lou").getRead() == 1);
            assertThat(pointer(lou, chat, "sig-kim").getRead()).isZero();

            assertThat(request(kim, "sig-kim", "{\"requestId\":\"u\",\"unblock\":{\"user\":\"sig-lou\"}}")
                            .hasOk())
                    .isTrue();
            await().atMost(LIMIT).until(() -> presence(lou, chat, "sig-kim").getOnline());
            await().atMost(LIMIT).until(() -> pointer(lou, chat, "sig-kim").getRead() == 1);
            lou.publish("chat/@sig-kim/msg", "after");
            await().atMost(LIMIT)
                    .until(() -> kim.received().stream()
                            .anyMatch(message -> message.payload().contains("after")));
            assertThat(kim.received()).noneMatch(message -> message.payload().contains("blocked"));
        }
    }

    @Test
    void in_a_group_who_blocks_and_who_is_blocked_neither_see_each_other_nor_type_for_each_other() throws Exception {
        try (HiveDevice founder = HiveDevice.connect(platform(), "sig-pam/tablet");
                HiveMqClient pam = client("sig-pam", "phone");
                HiveMqClient quin = client("sig-quin", "phone");
                HiveMqClient ray = client("sig-ray", "phone")) {
            ConversationId group = founder.createGroup("sig-apart", UserId.parse("sig-quin"), UserId.parse("sig-ray"));
            for (HiveMqClient client : List.of(pam, quin, ray)) {
                client.subscribe("chat/" + group + "/#");
            }
            await().atMost(LIMIT)
                    .until(() -> presence(pam, group, "sig-quin").getOnline()
                            && presence(quin, group, "sig-pam").getOnline());

            assertThat(request(pam, "sig-pam", "{\"requestId\":\"b\",\"block\":{\"user\":\"sig-quin\"}}")
                            .hasOk())
                    .isTrue();
            await().atMost(LIMIT)
                    .until(() -> !presence(pam, group, "sig-quin").getOnline()
                            && !presence(quin, group, "sig-pam").getOnline());
            assertThat(presence(ray, group, "sig-quin").getOnline()).isTrue();
            assertThat(presence(ray, group, "sig-pam").getOnline()).isTrue();
            try (HiveMqClient late = client("sig-quin", "tablet")) {
                late.subscribe("chat/" + group + "/presence");
                await().atMost(SOON)
                        .until(() -> presence(late, group, "sig-ray").getOnline());
                assertThat(presence(late, group, "sig-pam").getOnline()).isFalse();
            }
            quin.publish("chat/" + group + "/typing", "{\"typing\":true}");
            quin.publish("chat/" + group + "/msg", "said all the same");
            await().atMost(LIMIT).until(() -> typing(ray, group).size() == 2);
            await().atMost(LIMIT)
                    .until(() -> pam.received().stream()
                            .anyMatch(message -> message.payload().contains("said all the same")));
            assertThat(typing(pam, group)).isEmpty();

            request(pam, "sig-pam", "{\"requestId\":\"u\",\"unblock\":{\"user\":\"sig-quin\"}}");
            await().atMost(LIMIT)
                    .until(() -> presence(pam, group, "sig-quin").getOnline()
                            && presence(quin, group, "sig-pam").getOnline());
        }
    }

    @Test
    void a_user_lists_and_removes_devices_and_has_twenty_at_most() throws Exception {
        try (HiveMqClient phone = client("sig-ida", "phone");
                HiveDevice tablet = HiveDevice.connect(platform(), "sig-ida/tablet")) {
            Reply listed = request(phone, "sig-ida", "{\"requestId\":\"l1\",\"listDevices\":{}}");
            assertThat(listed.getDevicesList())
                    .extracting(device -> device.getDevice() + " " + device.getOnline())
                    .containsExactly("phone true", "tablet true");

            Reply removed =
                    request(phone, "sig-ida", "{\"requestId\":\"r1\",\"removeDevice\":{\"device\":\"tablet\"}}");
            assertThat(removed.hasOk()).isTrue();
            await().atMost(SOON).until(() -> tablet.ended().isDone());
            Reply unknown =
                    request(phone, "sig-ida", "{\"requestId\":\"r2\",\"removeDevice\":{\"device\":\"tablet\"}}");
            assertThat(unknown.getError().getCodeValue()).isEqualTo(io.parley.protocol.wire.ErrorCode.NOT_FOUND_VALUE);

            for (int i = 1; i < 20; i++) {
                HiveDevice.connect(platform(), "sig-ida/d" + i).close();
            }
            assertThatThrownBy(() -> HiveDevice.connect(platform(), "sig-ida/d20"))
                    .cause()
                    .isInstanceOfSatisfying(
                            Mqtt5ConnAckException.class,
                            refused -> assertThat(refused.getMqttMessage().getReasonCode())
                                    .isEqualTo(Mqtt5ConnAckReasonCode.QUOTA_EXCEEDED));
            assertThat(phone.isConnected()).isTrue();
        }
    }

    @Test
    void the_same_device_connecting_again_closes_the_first_within_two_seconds() throws Exception {
        try (HiveDevice first = HiveDevice.connect(platform(), "sig-jim/phone");
                HiveDevice second = HiveDevice.connect(platform(), "sig-jim/phone")) {
            await().atMost(Duration.ofSeconds(2)).until(() -> first.ended().isDone());
            assertThat(second.ended()).isNotDone();
        }
    }
}
