package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.standalone.ChatClient.Kind;
import io.parley.standalone.ChatClient.Received;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that know nothing of Parley chat with each other. */
@WithPlatform
class OrdinaryClientsIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Platform platform;

    OrdinaryClientsIT(Platform platform) {
        this.platform = platform;
    }

    static Stream<Arguments> everyTwo() {
        return Stream.of(Kind.values())
                .flatMap(one ->
                        Stream.of(Kind.values()).filter(other -> other != one).map(other -> Arguments.of(one, other)));
    }

    @ParameterizedTest(name = "{0} to {1} and back")
    @MethodSource("everyTwo")
    void two_kinds_of_client_chat_through_the_users_topic_and_the_conversations(Kind one, Kind other) throws Exception {
        UserId alice = user(one, other, "alice");
        UserId bob = user(one, other, "bob");
        String conversation = "chat/" + ConversationId.direct(alice, bob) + "/msg";
        try (ChatClient atAlice = one.connect(Login.of(platform, alice, "it"));
                ChatClient atBob = other.connect(Login.of(platform, bob, "it"))) {
            atAlice.subscribe(conversation);
            atBob.subscribe(conversation);

            atAlice.publish("chat/@" + bob + "/msg", "{\"id\":\"m1\",\"text\":\"hello\"}");
            await().atMost(LIMIT).until(() -> atBob.received().size() == 1);
            atBob.publish(conversation, "{\"id\":\"m2\",\"text\":\"hello to you\"}");
            await().atMost(LIMIT)
                    .until(() ->
                            atAlice.received().size() == 2 && atBob.received().size() == 2);

            assertThat(atAlice.received()).isEqualTo(atBob.received());
            assertThat(atAlice.received()).extracting(Received::topic).containsOnly(conversation);
            assertThat(atAlice.received().get(0).payload()).matches(event(1, "m1", alice, "hello"));
            assertThat(atAlice.received().get(1).payload()).matches(event(2, "m2", bob, "hello to you"));
        }
    }

    private static String event(int seq, String id, UserId from, String text) {
        return "\\{\"seq\":%d,\"id\":\"%s\",\"from\":\"%s\",\"at\":\"[0-9-]+T[0-9:.]+Z\",\"text\":\"%s\"}"
                .formatted(seq, id, from, text);
    }

    private static UserId user(Kind one, Kind other, String name) {
        return UserId.parse("ordinary-%s-%s-%s".formatted(one, other, name).toLowerCase(Locale.ROOT));
    }
}
