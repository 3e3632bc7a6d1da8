package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Request;
import io.parley.standalone.SessionClient.Opening;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
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
            owner.ask(named(Request.newBuilder()
                    .setRemoveMembers(RemoveMembers.newBuilder()
                            .setConversation(group.value())
                            .addUsers(bob.value()))));
            say(alice, chat + "/msg", List.of("hidden"));
            owner.ask(named(Request.newBuilder()
                    .setAddMembers(AddMembers.newBuilder()
                            .setConversation(group.value())
                            .addUsers(bob.value()))));

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
