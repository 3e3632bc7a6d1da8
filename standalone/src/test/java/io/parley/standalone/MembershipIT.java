package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import io.parley.demo.DeviceException;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.HistoryPage;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.Leave;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.Test;

/** A member has a conversation from the event that added them on, and nothing of it after the one that ended it. */
@WithPlatform
class MembershipIT extends ConversationChecks {
    private static final Duration RIGHTS_END_WITHIN = Duration.ofSeconds(5);
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int PER_SECOND = 50;

    MembershipIT(Platform platform) {
        super(platform);
    }

    @Test
    void a_new_members_first_event_is_that_they_were_added_wherever_they_look() throws Exception {
        UserId bob = UserId.parse("member-bob");
        UserId dan = UserId.parse("member-dan");
        try (HiveDevice away = HiveDevice.connect(platform(), dan + "/away")) {
            away.subscribeToAll();
        }
        try (HiveDevice amy = HiveDevice.connect(platform(), "member-amy/phone");
                HiveDevice five = HiveDevice.connect(platform(), dan + "/five");
                PahoV3Client three = new PahoV3Client(Login.of(platform(), dan, "three"))) {
            five.subscribeToAll();
            five.subscribe("user/" + dan + "/reply");
            three.subscribe("chat/#");
            ConversationId group = amy.createGroup("added", bob);
            amy.send(group, "m1", "not for dan");
            ok(
                    amy,
                    Request.newBuilder()
                            .setAddMembers(AddMembers.newBuilder()
                                    .setConversation(group.value())
                                    .addUsers(dan.value())));
            amy.send(group, "m2", "for dan, too");

            awaitEvents(five, 2);
            assertBeginsWithAdded(five.events(), dan);
            Reply news = five.reply(Reply::hasAdded);
            assertThat(news.getAdded().getConversation()).isEqualTo(group.value());
            assertThat(news.getAdded().getBy()).isEqualTo("member-amy");
            String topic = "chat/" + group + "/msg";
            await().atMost(LIMIT)
                    .until(() -> three.received().stream()
                                    .filter(message -> message.topic().equals(topic))
                                    .count()
                            == 2);
            assertThat(three.received().stream()
                            .filter(message -> message.topic().equals(topic))
                            .findFirst()
                            .orElseThrow()
                            .payload())
                    .contains("\"membersAdded\":{\"users\":[\"" + dan + "\"]}");
            try (HiveDevice back = HiveDevice.connect(platform(), dan + "/away")) {
                back.subscribeToAll();
                awaitEvents(back, 2);
                assertBeginsWithAdded(back.events(), dan);
            }

            awaitHead(dan, group, 4);
            assertBeginsWithAdded(history(dan).after(group, 0).getMessagesList(), dan);
            Request history = named(Request.newBuilder()
                    .setHistory(HistoryRequest.newBuilder()
                            .setConversation(group.value())
                            .setAfter(0)
                            .setLimit(10)));
            HistoryPage page = five.ask(history).getHistory();
            assertBeginsWithAdded(page.getMessagesList(), dan);
        }
    }

    private static void assertBeginsWithAdded(List<ChatEvent> events, UserId user) {
        assertThat(events).extracting(ChatEvent::getSeq).containsExactly(3, 4);
        assertThat(events.get(0).getMembersAdded().getUsersList()).containsExactly(user.value());
        assertThat(events.get(1).getText()).isEqualTo("for dan, too");
    }

    @Test
    void who_is_removed_while_others_talk_gets_nothing_that_comes_after_it() throws Exception {
        UserId cat = UserId.parse("member-cat");
        UserId eve = UserId.parse("member-eve");
        try (HiveDevice fay = HiveDevice.connect(platform(), "member-fay/phone");
                HiveDevice atCat = HiveDevice.connect(platform(), cat + "/phone");
                HiveDevice atEve = HiveDevice.connect(platform(), eve + "/phone");
                PahoV3Client three = new PahoV3Client(Login.of(platform(), eve, "three"))) {
            ConversationId group = fay.createGroup("removed", cat, eve);
            atCat.subscribe(group);
            atEve.subscribe(group);
            atEve.subscribe("user/" + eve + "/reply");
            three.subscribe("chat/+/msg");
            int removedSeq;
            try (SteadySenders senders = SteadySenders.start(List.of(fay, atCat), group, PER_SECOND)) {
                await().atMost(LIMIT).until(() -> atEve.count() > PER_SECOND && three.count() > PER_SECOND);
                ok(fay, Request.newBuilder().setRemoveMembers(remove(group, eve)));
                long removedNanos = System.nanoTime();

                await().atMost(RIGHTS_END_WITHIN).until(() -> !mayPublish(atEve, group));
                Reply news = atEve.reply(Reply::hasRemoved);
                assertThat(news.getRemoved().getConversation()).isEqualTo(group.value());
                assertThat(Duration.ofNanos(System.nanoTime() - removedNanos)).isLessThan(RIGHTS_END_WITHIN);
                removedSeq = awaitRemoval(atCat);
                await().atMost(LIMIT).until(() -> lastSeq(atCat) > removedSeq + PER_SECOND);
                senders.pause();
            }

            assertThat(atEve.events()).extracting(ChatEvent::getSeq).allMatch(seq -> seq <= removedSeq);
            assertThat(three.received())
                    .extracting(message -> Integer.valueOf(message.payload().replaceAll("^\\{\"seq\":(\\d+),.*", "$1")))
                    .allMatch(seq -> seq <= removedSeq);
            assertShut(group, eve, three);
        }
    }

    /** The seq of the event that removed somebody. */
    private static int awaitRemoval(HiveDevice device) {
        await().atMost(LIMIT).until(() -> device.events().stream().anyMatch(ChatEvent::hasMembersRemoved));
        return device.events().stream()
                .filter(ChatEvent::hasMembersRemoved)
                .mapToInt(ChatEvent::getSeq)
                .findFirst()
                .orElseThrow();
    }

    private static int lastSeq(HiveDevice device) {
        List<ChatEvent> events = device.events();
        return events.get(events.size() - 1).getSeq();
    }

    @Test
    void who_leaves_is_out_and_the_others_are_told() throws Exception {
        UserId gus = UserId.parse("member-gus");
        try (HiveDevice hal = HiveDevice.connect(platform(), "member-hal/phone");
                HiveDevice atGus = HiveDevice.connect(platform(), gus + "/phone");
                PahoV3Client three = new PahoV3Client(Login.of(platform(), gus, "three"))) {
            ConversationId group = hal.createGroup("left", gus);
            hal.subscribe(group);
            atGus.subscribe(group);
            ok(atGus, Request.newBuilder().setLeave(Leave.newBuilder().setConversation(group.value())));
            awaitEvents(hal, 2);
            assertThat(hal.events().get(1).getMemberLeft().getUser()).isEqualTo(gus.value());

            await().atMost(RIGHTS_END_WITHIN).until(() -> !mayPublish(atGus, group));
            hal.send(group, "m1", "among ourselves");
            awaitEvents(hal, 3);
            assertThat(atGus.events()).noneMatch(event -> event.getSeq() > 2);
            assertShut(group, gus, three);
        }
    }

    /** Neither a new connection nor history nor MQTT 3.1.1 lets the user in. */
    private void assertShut(ConversationId group, UserId user, PahoV3Client three) throws Exception {
        assertThatThrownBy(() -> history(user).after(group, 0))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("403");
        assertThatThrownBy(() -> three.subscribe("chat/" + group + "/msg")).isInstanceOf(MqttException.class);
        try (HiveMqClient five = new HiveMqClient(Login.of(platform(), user, "five"));
                HiveDevice again = HiveDevice.connect(platform(), user + "/phone")) {
            Mqtt5SubAckException refused =
                    catchThrowableOfType(Mqtt5SubAckException.class, () -> five.subscribe("chat/" + group + "/msg"));
            assertThat(refused.getMqttMessage().getReasonCodes())
                    .extracting(code -> code.getCode())
                    .containsExactly(NOT_AUTHORIZED);
            again.subscribeToAll();
            // Something of their own that comes after what they must not get.
            ConversationId own = ConversationId.direct(user, UserId.parse("member-zoe"));
            again.send(own, "m1", "something else");
            awaitEvents(again, 1);
        }
    }

    private static boolean mayPublish(HiveDevice device, ConversationId group) throws Exception {
        try {
            device.send(group, "late", "am I still in?");
            return true;
        } catch (ExecutionException refused) {
            return false;
        }
    }

    private static RemoveMembers.Builder remove(ConversationId group, UserId user) {
        return RemoveMembers.newBuilder().setConversation(group.value()).addUsers(user.value());
    }

    private static void ok(HiveDevice device, Request.Builder request) throws Exception {
        assertThat(device.ask(named(request)).hasOk()).isTrue();
    }
}
