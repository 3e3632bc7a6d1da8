package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who has received and read what, and what is unread. */
@WithPlatform
class ReceiptsIT extends SignalChecks {
    private static final int QOS_1 = 2;

    ReceiptsIT(Platform platform) {
        super(platform);
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
            assertThat(unreadTotal(vic)).isEqualTo(2);
            assertThat(summary("sig-una", chat).getUnread()).isEqualTo(1);

            vic.publish("chat/@sig-una/receipt", "{\"read\":1}");
            await().atMost(LIMIT).until(() -> summary("sig-vic", chat).getUnread() == 1);
            vic.publish("chat/@sig-una/receipt", "{\"read\":6}");
            await().atMost(LIMIT).until(() -> summary("sig-vic", chat).getUnread() == 0);
            assertThat(unreadTotal(vic)).isZero();
        }
    }

    private int unreadTotal(HiveMqClient vic) throws Exception {
        Reply listed =
                request(vic, "sig-vic", "{\"requestId\":\"" + UUID.randomUUID() + "\",\"listConversations\":{}}");
        assertThat(listed.getConversationsCount()).isEqualTo(1);
        return listed.getUnreadTotal();
    }

    @Test
    void five_hundred_readers_cost_a_few_updates() throws Exception {
        int readers = 500;
        UserId[] users = IntStream.range(0, readers)
                .mapToObj(i -> UserId.parse("sig-reader" + i))
                .toArray(UserId[]::new);
        List<RawMqtt> connections = new ArrayList<>();
        try (HiveDevice owner = HiveDevice.connect(platform(), "sig-owner/phone");
                HiveMqClient watcher = client("sig-owner", "watch")) {
            ConversationId group = owner.createGroup("sig-readers", users);
            watcher.subscribe("chat/" + group + "/receipt");
            for (UserId user : users) {
                connections.add(RawMqtt.connect(Login.of(platform(), user, "phone"), RawMqtt.V3));
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
            // And the other way: a pointer of gus that moved later has come to hal.
            hal.publish("chat/@sig-gus/msg", "three");
            await().atMost(LIMIT).until(() -> pointer(hal, chat, "sig-gus").getDelivered() == 3);
            assertThat(pointer(hal, chat, "sig-gus").getRead()).isZero();
            await().atMost(LIMIT).until(() -> presence(hal, chat, "sig-gus").getOnline());
            assertThat(presence(gus, chat, "sig-hal").getOnline()).isFalse();
            try (HiveMqClient late = client("sig-gus", "tablet")) {
                late.subscribe("chat/" + chat + "/presence");
                // All members at once, so that it tells of hal, too.
                await().atMost(SOON).until(() -> presence(late, chat, "sig-gus").getOnline());
                assertThat(presence(late, chat, "sig-hal").getOnline()).isFalse();
            }
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
                // Pointers that move after the read one are told to both, and do not bring it along.
                max.publish("chat/@sig-ned/msg", "later");
                await().atMost(LIMIT).until(() -> pointer(late, chat, "sig-ned").getDelivered() == 4);
                await().atMost(LIMIT).until(() -> pointer(max, chat, "sig-ned").getDelivered() == 4);
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
}
