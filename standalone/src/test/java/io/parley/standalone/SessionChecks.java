package io.parley.standalone;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.standalone.SessionClient.Opening;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** What tests of sessions need: users that nobody else uses, their connections, and what they say. */
abstract class SessionChecks extends ConversationChecks {
    SessionChecks(Platform platform) {
        super(platform);
    }

    UserId newUser(String name) {
        String test = getClass().getSimpleName().toLowerCase(Locale.ROOT);
        return UserId.parse(
                test + "-" + name + "-" + UUID.randomUUID().toString().substring(0, 8));
    }

    Login phone(UserId user) {
        return Login.of(platform(), user, "phone");
    }

    SessionClient connect(UserId user, Opening opening) throws IOException {
        return SessionClient.connect(phone(user), opening);
    }

    /** One after the other, each acknowledged, from a connection of its own. */
    void say(UserId from, String topic, List<String> texts) throws IOException {
        try (SessionClient client = SessionClient.connect(Login.of(platform(), from, "says"), Opening.v5(false, 600))) {
            for (String text : texts) {
                int reason = client.publishAndWait(topic, message(text));
                if (reason >= 0x80) {
                    throw new IOException("PUBACK 0x%02X".formatted(reason));
                }
            }
        }
    }

    static String message(String text) {
        return "{\"id\":\"%s\",\"text\":\"%s\"}".formatted(text.replace(' ', '-'), text);
    }

    static String topic(UserId one, UserId other) {
        return "chat/" + ConversationId.direct(one, other) + "/msg";
    }

    /** What messages say. */
    static List<String> texts(List<Publish> messages) {
        return messages.stream()
                .map(message -> message.payload().replaceAll(".*\"text\":\"([^\"]*)\".*", "$1"))
                .toList();
    }
}
