package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Request;
import io.parley.standalone.SessionClient.Opening;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A filter stands until it is unsubscribed: who is removed from a group and added again gets what it asked for before. */
@WithPlatform
class ReaddedMemberIT extends SessionChecks {
    ReaddedMemberIT(Platform platform) {
        super(platform);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void messages_receipts_typing_and_presence_go_on(int level) throws Exception {
        UserId alice = newUser("alice");
        UserId bob = newUser("bob");
        UserId carol = newUser("carol");
        try (HiveDevice owner = HiveDevice.connect(platform(), alice + "/phone");
                SessionClient atBob = connect(bob, Opening.kept(level))) {
            ConversationId group = owner.createGroup("readded", bob, carol);
            String chat = "chat/" + group;
            atBob.subscribe(chat + "/msg");
            for (String feed : List.of("/receipt", "/typing", "/presence")) {
                assertThat(atBob.subscribe(chat + feed, 0, Map.of())).isZero();
            }
            remove(owner, group, bob);
            say(alice, chat + "/msg", List.of("hidden"));
            add(owner, group, bob);

            say(alice, chat + "/msg", List.of("one", "two", "three"));
            atBob.awaitMessage("three");
            assertThat(texts(atBob.messages()))
                    .containsSubsequence("one", "two", "three")
                    .doesNotContain("hidden");

            try (SessionClient atAlice =
                            SessionClient.connect(Login.of(platform(), alice, "says"), Opening.v5(false, 600));
                    SessionClient atCarol = connect(carol, Opening.v5(false, 600))) {
                int head = seqOf(atBob.awaitMessage("three"));
                atAlice.publishAndWait(chat + "/receipt", "{\"read\":" + head + "}");
                awaitSignal(atBob, chat + "/receipt", "\"read\":" + head);
                atAlice.publishAndWait(chat + "/typing", "{\"typing\":true}");
                awaitSignal(atBob, chat + "/typing", "\"user\":\"" + alice + "\",\"typing\":true");
                assertThat(atCarol.hasEnded()).isFalse();
                awaitSignal(atBob, chat + "/presence", "\"user\":\"" + carol + "\",\"online\":true");
            }
            if (level == 5) {
                assertThat(atBob.unsubscribe(chat + "/msg")).isZero();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4,true", "5,false"})
    void a_device_that_was_away_gets_what_came_before_the_removal_and_since_the_return(int level, boolean everywhere)
            throws Exception {
        UserId alice = newUser("alice");
        UserId bob = newUser("bob");
        try (HiveDevice owner = HiveDevice.connect(platform(), alice + "/phone")) {
            ConversationId group = owner.createGroup("readded", bob);
            String topic = "chat/" + group + "/msg";
            leaves(bob, Opening.kept(level), filters(everywhere, topic, topic(alice, bob)));
            say(alice, topic, List.of("before"));
            remove(owner, group, bob);
            say(alice, topic, List.of("hidden"));
            add(owner, group, bob);
            say(alice, topic, List.of("after"));

            try (SessionClient atBob = connect(bob, Opening.kept(level))) {
                assertThat(atBob.sessionPresent()).isTrue();
                atBob.awaitMessage("after");
                assertThat(texts(atBob.messages()))
                        .containsSubsequence("before", "after")
                        .doesNotContain("hidden");
                assertThat(atBob.messages()).anyMatch(ReaddedMemberIT::isRemoval);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"5,true", "4,false"})
    void a_device_that_comes_back_while_removed_gets_the_rest_once_and_then_nothing(int level, boolean everywhere)
            throws Exception {
        UserId alice = newUser("alice");
        UserId bob = newUser("bob");
        try (HiveDevice owner = HiveDevice.connect(platform(), alice + "/phone")) {
            ConversationId group = owner.createGroup("readded", bob);
            String topic = "chat/" + group + "/msg";
            leaves(bob, Opening.kept(level), filters(everywhere, topic, topic(alice, bob)));
            say(alice, topic, List.of("before"));
            remove(owner, group, bob);
            say(alice, topic, List.of("hidden"));

            try (SessionClient atBob = connect(bob, Opening.kept(level))) {
                await("the removal")
                        .atMost(LIMIT)
                        .until(() -> atBob.messages().stream().anyMatch(ReaddedMemberIT::isRemoval));
                fence(alice, bob, atBob, "first-fence");
                assertThat(texts(atBob.messages())).contains("before").doesNotContain("hidden");
                for (Publish message : atBob.messages()) {
                    atBob.acknowledge(message);
                }
                atBob.disconnect();
            }
            say(alice, topic, List.of("hidden too"));
            try (SessionClient atBob = connect(bob, Opening.kept(level))) {
                fence(alice, bob, atBob, "second-fence");
                assertThat(texts(atBob.messages())).containsExactly("second-fence");
            }
        }
    }

    private static String[] filters(boolean everywhere, String... named) {
        return everywhere ? new String[] {"chat/+/msg"} : named;
    }

    /** A session that subscribed, and has no connection any more. */
    private void leaves(UserId user, Opening opening, String... filters) throws IOException {
        try (SessionClient client = connect(user, opening)) {
            for (String filter : filters) {
                client.subscribe(filter);
            }
            for (Publish message : client.awaitMessages(1)) {
                client.acknowledge(message);
            }
            client.disconnect();
        }
    }

    /** Says something to the user in another conversation, and waits until it has come. */
    private void fence(UserId from, UserId user, SessionClient at, String text) throws IOException {
        say(from, topic(from, user), List.of(text));
        at.awaitMessage(text);
    }

    private static boolean isRemoval(Publish message) {
        return message.payload().contains("\"membersRemoved\"");
    }

    private static void remove(HiveDevice owner, ConversationId group, UserId user) throws Exception {
        owner.ask(named(Request.newBuilder()
                .setRemoveMembers(RemoveMembers.newBuilder()
                        .setConversation(group.value())
                        .addUsers(user.value()))));
    }

    private static void add(HiveDevice owner, ConversationId group, UserId user) throws Exception {
        owner.ask(named(Request.newBuilder()
                .setAddMembers(
                        AddMembers.newBuilder().setConversation(group.value()).addUsers(user.value()))));
    }

    private static int seqOf(Publish message) {
        return Integer.parseInt(message.payload().replaceAll(".*\"seq\":(\\d+).*", "$1"));
    }

    private static void awaitSignal(SessionClient client, String topic, String says) {
        await(topic + " that says " + says)
                .atMost(LIMIT)
                .until(() -> client.messages().stream()
                        .anyMatch(message -> message.topic().equals(topic)
                                && message.payload().contains(says)));
    }
}
