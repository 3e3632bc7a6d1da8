package io.parley.push.apns;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.push.Alert;
import io.parley.protocol.push.Notification;
import io.parley.push.content.DigestText;
import io.parley.push.message.Notifications;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ApnsPayloadTest {
    private final ApnsPayload payload = new ApnsPayload(new DigestText("News", "{messages} in {conversations}"));

    @Test
    void a_group_shows_its_name_and_below_it_who_wrote() {
        Alert alert = Alert.newBuilder()
                .setTitle("Family")
                .setSender("Ben")
                .setBody("hi")
                .setGroup(true)
                .setMention(true)
                .build();

        assertThat(of(alert))
                .contains("\"title\":\"Family\"", "\"subtitle\":\"Ben\"", "\"body\":\"hi\"", "\"mention\":true")
                .contains("\"badge\":3", "\"seq\":7", "\"conversation\":\"c\"");
    }

    @Test
    void a_conversation_of_two_shows_the_sender_once() {
        assertThat(of(Alert.newBuilder()
                        .setTitle("Ben")
                        .setSender("Ben")
                        .setBody("hi")
                        .build()))
                .doesNotContain("subtitle")
                .doesNotContain("mention");
    }

    @Test
    void a_badge_alone_is_all_that_there_is() {
        assertThat(payload.of(Notifications.badge(5))).isEqualTo("{\"aps\":{\"badge\":5}}");
    }

    @Test
    void a_long_body_is_shortened_until_all_fits() {
        for (String letter : new String[] {"x", "\"", "€", "😀", "\u0001"}) {
            String made = of(Alert.newBuilder()
                    .setTitle("t".repeat(500))
                    .setSender("s".repeat(500))
                    .setGroup(true)
                    .setBody(letter.repeat(5000))
                    .build());

            assertThat(made.getBytes(StandardCharsets.UTF_8).length)
                    .isBetween(ApnsPayload.MAX_BYTES - 20, ApnsPayload.MAX_BYTES);
            assertThat(made).contains("…");
        }
    }

    private String of(Alert alert) {
        return payload.of(Notification.newBuilder()
                .setConversation("c")
                .setSeq(7)
                .setBadge(3)
                .setAlert(alert)
                .build());
    }
}
