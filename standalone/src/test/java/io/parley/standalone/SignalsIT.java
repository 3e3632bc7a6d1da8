package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.parley.protocol.ConversationId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Presences;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Typing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What people see of each other outside of the messages: receipts, who is there, who types; and their own devices. */
@WithPlatform
class SignalsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** Longer than the platform gathers what moved. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final int QOS_1 = 2;

    private final Platform platform;

    SignalsIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void a_puback_is_the_delivered_receipt_and_read_moves_only_forward() throws Exception {
        ConversationId chat = direct("sig-amy", "sig-bob");
        try (HiveMqClient amy = client("sig-amy", "phone");
                HiveMqClient bob = client("sig-bob", "phone")) {
            amy.subscribe("chat/+/#");
            bob.subscribe("chat/" + chat + "/msg");
            amy.publish("chat/@sig-bob/msg", "one");
            amy.publish("chat/@sig-bob/msg", "two");
            await().atMost(LIMIT).until(() -> pointer(amy, chat, "sig-bob").getDelivered() == 2);

            bob.publish("chat/@sig-amy/receipt", "{\"read\":2}");
            await().atMost(LIMIT).until(() -> pointer(amy, chat, "sig-bob").getRead() == 2);
            bob.publish("chat/@sig-amy/receipt", "{\"read\":1}");
            bob.publish("chat/@sig-amy/msg", "three");
            await().atMost(LIMIT).until(() -> pointer(amy, chat, "sig-bob").getDelivered() == 3);

            assertThat(all(amy, chat, "receipt", Receipts.newBuilder()))
                    .flatExtracting(message -> ((Receipts) message).getReceiptsList())
                    .filteredOn(receipt -> receipt.getUser().equals("sig-bob"))
                    .extracting(receipt -> receipt.getRead())
                    .isSorted();
            await().atMost(LIMIT).until(() -> summary("sig-bob", chat).getRead() == 2);
            assertThat(summary("sig-bob", chat).getDelivered()).isEqualTo(3);
        }
        try (HiveMqClient late = client("sig-amy", "tablet")) {
            late.subscribe("chat/" + chat + "/receipt");
            await().atMost(SOON).until(() -> pointer(late, chat, "sig-bob").getRead() == 2);
        }
    }

    @Test
    void unread_are_the_messages_of_others_that_are_still_there() throws Exception {
        ConversationId chat = direct("sig-una", "sig-vic");
        try (HiveMqClient una = client("sig-una", "phone");
                HiveMqClient vic = client("sig-vic", "phone")) {
            una.publish("chat/@sig-vic/msg", "one");
            una.publish("chat/@sig-vic/msg", "two");
            una.publish("chat/@sig-vic/msg", "three");
            una.publish("chat/@sig-vic/msg", "{\"react\":{\"seq\":1,\"emoji\":\"👍\"}}");
            una.publish("chat/@sig-vic/msg", "{\"delete\":{\"seq\":2}}");
            vic.publish("chat/@sig-una/msg", "mine");
            await().atMost(LIMIT).until(() -> summary("sig-vic", chat).getHead() == 6);
            assertThat(summary("sig-vic", chat).getUnread()).isEqualTo(2);
            assertThat(summary("sig-una", chat).getUnread()).isEqualTo(1);

            vic.publish("chat/@sig-una/receipt", "{\"read\":1}");
            await().atMost(LIMIT).until(() -> summary("sig-vic", chat).getUnread() == 1);
            vic.publish("chat/@sig-una/receipt", "{\"read\":6}");
            await().atMost(LIMIT).until(() -> summary("sig-vic", chat).getUnread() == 0);
        }
    }

    @Test
    void five_hundred_readers_cost_a_few_updates() throws Exception {
        int readers = 500;
        UserId[] users = IntStream.range(0, readers)
                .mapToObj(i -> UserId.parse("sig-reader" + i))
                .toArray(UserId[]::new);
        List<RawMqtt> connections = new ArrayList<>();
        try (HiveDevice owner = HiveDevice.connect(platform, "sig-owner/phone");
                HiveMqClient watcher = client("sig-owner", "watch")) {
            ConversationId group = owner.createGroup("sig-readers", users);
            watcher.subscribe("chat/" + group + "/receipt");
            for (UserId user : users) {
                connections.add(RawMqtt.connect(Login.of(platform, user, "phone"), RawMqtt.V3));
            }
            byte[] topic = ("chat/" + group + "/receipt").getBytes(StandardCharsets.UTF_8);
            long startNanos = System.nanoTime();
            for (RawMqtt connection : connections) {
                connection.publish(QOS_1, topic, "{\"read\":1}");
            }
            await().atMost(LIMIT)
                    .until(() -> all(watcher, group, "receipt", Receipts.newBuilder()).stream()
                                    .flatMap(message -> ((Receipts) message).getReceiptsList().stream())
                                    .filter(receipt -> receipt.getRead() == 1)
                                    .map(Receipt::getUser)
                                    .distinct()
                                    .count()
                            == readers);
            long seconds = Duration.ofNanos(System.nanoTime() - startNanos).toSeconds();
            // One a second, and not one for each reader.
            assertThat(all(watcher, group, "receipt", Receipts.newBuilder()))
                    .hasSizeLessThanOrEqualTo((int) seconds + 2);
        } finally {
            for (RawMqtt connection : connections) {
                connection.close();
            }
        }
    }

    @Test
    void who_types_is_seen_by_the_others_and_ends_by_itself() throws Exception {
        ConversationId chat = direct("sig-cat", "sig-dan");
        try (HiveMqClient cat = client("sig-cat", "phone");
                HiveMqClient dan = client("sig-dan", "phone")) {
            cat.subscribe("chat/" + chat + "/typing");
            dan.subscribe("chat/" + chat + "/typing");
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
    void who_hides_it_is_never_online_and_neither_shows_nor_sees_what_was_read() throws Exception {
        ConversationId chat = direct("sig-gus", "sig-hal");
        try (HiveMqClient gus = client("sig-gus", "phone");
                HiveMqClient hal = client("sig-hal", "phone")) {
            request(hal, "sig-hal", "{\"requestId\":\"p\",\"setPrivacy\":{\"readReceipts\":false,\"presence\":false}}");
            hal.subscribe("chat/+/#");
            gus.subscribe("chat/+/#");
            gus.publish("chat/@sig-hal/msg", "one");
            await().atMost(LIMIT).until(() -> pointer(gus, chat, "sig-hal").getDelivered() == 1);
            hal.publish("chat/@sig-gus/receipt", "{\"read\":1}");
            gus.publish("chat/@sig-hal/receipt", "{\"read\":1}");
            await().atMost(LIMIT).until(() -> pointer(hal, chat, "sig-hal").getRead() == 1);
            await().atMost(LIMIT).until(() -> pointer(gus, chat, "sig-gus").getRead() == 1);

            gus.publish("chat/@sig-hal/msg", "two");
            await().atMost(LIMIT).until(() -> pointer(gus, chat, "sig-hal").getDelivered() == 2);
            assertThat(pointer(gus, chat, "sig-hal").getRead()).isZero();
            assertThat(pointer(hal, chat, "sig-gus").getRead()).isZero();
            assertThat(presence(gus, chat, "sig-hal").getOnline()).isFalse();
            assertThat(presence(hal, chat, "sig-gus").getOnline()).isTrue();
        }
    }

    @Test
    void while_read_receipts_are_off_in_a_conversation_reads_are_seen_by_ones_own_devices_alone() throws Exception {
        ConversationId chat = direct("sig-max", "sig-ned");
        String set = "{\"requestId\":\"%s\",\"setReadReceipts\":{\"conversation\":\"" + chat + "\",\"on\":%b}}";
        try (HiveMqClient max = client("sig-max", "phone");
                HiveMqClient ned = client("sig-ned", "phone");
                HiveMqClient tablet = client("sig-ned", "tablet")) {
            max.subscribe("chat/+/#");
            ned.subscribe("chat/+/#");
            max.publish("chat/@sig-ned/msg", "one");
            ned.publish("chat/@sig-max/receipt", "{\"read\":1}");
            await().atMost(LIMIT).until(() -> pointer(max, chat, "sig-ned").getRead() == 1);

            assertThat(request(ned, "sig-ned", set.formatted("off", false)).hasOk())
                    .isTrue();
            await().atMost(LIMIT).until(() -> summary("sig-max", chat).getReadReceiptsOff());
            max.publish("chat/@sig-ned/msg", "two");
            await().atMost(LIMIT).until(() -> pointer(ned, chat, "sig-ned").getDelivered() == 3);
            ned.publish("chat/@sig-max/receipt", "{\"read\":3}");
            tablet.subscribe("chat/" + chat + "/receipt");
            await().atMost(LIMIT).until(() -> pointer(tablet, chat, "sig-ned").getRead() == 3);
            try (HiveMqClient late = client("sig-max", "tablet")) {
                late.subscribe("chat/" + chat + "/receipt");
                await().atMost(SOON).until(() -> pointer(late, chat, "sig-ned").getDelivered() == 3);
                assertThat(pointer(late, chat, "sig-ned").getRead()).isZero();
            }
            assertThat(all(max, chat, "receipt", Receipts.newBuilder()))
                    .flatExtracting(message -> ((Receipts) message).getReceiptsList())
                    .noneMatch(receipt -> receipt.getUser().equals("sig-ned") && receipt.getRead() > 1);

            assertThat(request(max, "sig-max", set.formatted("on", true)).hasOk())
                    .isTrue();
            try (HiveMqClient late = client("sig-max", "tablet")) {
                late.subscribe("chat/" + chat + "/receipt");
                await().atMost(SOON).until(() -> pointer(late, chat, "sig-ned").getRead() == 3);
            }
            max.publish("chat/@sig-ned/msg", "three");
            await().atMost(LIMIT).until(() -> pointer(max, chat, "sig-ned").getRead() == 3);
        }
    }

    @Test
    void who_is_blocked_cannot_write_and_is_not_told_who_blocks() throws Exception {
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

            assertThat(request(kim, "sig-kim", "{\"requestId\":\"u\",\"unblock\":{\"user\":\"sig-lou\"}}")
                            .hasOk())
                    .isTrue();
            await().atMost(LIMIT).until(() -> presence(lou, chat, "sig-kim").getOnline());
            lou.publish("chat/@sig-kim/msg", "after");
            await().atMost(LIMIT)
                    .until(() -> kim.received().stream()
                            .anyMatch(message -> message.payload().contains("after")));
            assertThat(kim.received()).noneMatch(message -> message.payload().contains("blocked"));
        }
    }

    @Test
    void in_a_group_who_blocks_and_who_is_blocked_neither_see_each_other_nor_type_for_each_other() throws Exception {
        try (HiveDevice founder = HiveDevice.connect(platform, "sig-pam/tablet");
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

    private static List<Message> typing(HiveMqClient client, ConversationId chat) {
        return all(client, chat, "typing", Typing.newBuilder());
    }

    @Test
    void a_user_lists_and_removes_devices_and_has_twenty_at_most() throws Exception {
        try (HiveMqClient phone = client("sig-ida", "phone");
                HiveDevice tablet = HiveDevice.connect(platform, "sig-ida/tablet")) {
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
                client("sig-ida", "d" + i).close();
            }
            try (HiveDevice tooMany = HiveDevice.connect(platform, "sig-ida/d20")) {
                await().atMost(SOON).until(() -> tooMany.ended().isDone());
            }
            assertThat(phone.isConnected()).isTrue();
        }
    }

    @Test
    void the_same_device_connecting_again_closes_the_first_within_two_seconds() throws Exception {
        try (HiveDevice first = HiveDevice.connect(platform, "sig-jim/phone");
                HiveDevice second = HiveDevice.connect(platform, "sig-jim/phone")) {
            await().atMost(Duration.ofSeconds(2)).until(() -> first.ended().isDone());
            assertThat(second.ended()).isNotDone();
        }
    }

    private HiveMqClient client(String user, String device) {
        return new HiveMqClient(Login.of(platform, UserId.parse(user), device));
    }

    private static ConversationId direct(String one, String other) {
        return ConversationId.direct(UserId.parse(one), UserId.parse(other));
    }

    private Reply request(HiveMqClient client, String user, String request) throws Exception {
        client.subscribe("user/" + user + "/reply");
        String id = request.split("\"", -1)[3];
        client.publish("user/" + user + "/request", request);
        return await().atMost(LIMIT)
                .until(
                        () -> client.received().stream()
                                .filter(message -> message.topic().startsWith("user/"))
                                .map(message -> (Reply) decoded(message, Reply.newBuilder()))
                                .filter(reply -> reply.getRequestId().equals(id))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private ConversationSummary summary(String user, ConversationId chat) throws Exception {
        try (HiveMqClient asking = client(user, "asking")) {
            return request(asking, user, "{\"requestId\":\"s\",\"listConversations\":{}}")
                    .getConversationsList()
                    .stream()
                    .filter(summary -> summary.getId().equals(chat.value()))
                    .findFirst()
                    .orElse(ConversationSummary.getDefaultInstance());
        }
    }

    /** The pointers of a user, as the client was last told. */
    private static Receipt pointer(HiveMqClient client, ConversationId chat, String user) {
        return all(client, chat, "receipt", Receipts.newBuilder()).stream()
                .flatMap(message -> ((Receipts) message).getReceiptsList().stream())
                .filter(receipt -> receipt.getUser().equals(user))
                .reduce(Receipt.getDefaultInstance(), (before, after) -> after);
    }

    private static Presence presence(HiveMqClient client, ConversationId chat, String user) {
        return all(client, chat, "presence", Presences.newBuilder()).stream()
                .flatMap(message -> ((Presences) message).getPresenceList().stream())
                .filter(presence -> presence.getUser().equals(user))
                .reduce(Presence.getDefaultInstance(), (before, after) -> after);
    }

    private static List<Message> all(HiveMqClient client, ConversationId chat, String feed, Message.Builder into) {
        return client.received().stream()
                .filter(message -> message.topic().equals("chat/" + chat + "/" + feed))
                .map(message -> decoded(message, into))
                .toList();
    }

    private static Message decoded(ChatClient.Received message, Message.Builder into) {
        Message.Builder fresh = into.clone();
        try {
            WireFormat.JSON.decode(message.payload().getBytes(StandardCharsets.UTF_8), fresh);
        } catch (MalformedPayload e) {
            throw new IllegalStateException(message.payload(), e);
        }
        return fresh.build();
    }
}
