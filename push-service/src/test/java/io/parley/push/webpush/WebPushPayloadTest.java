package io.parley.push.webpush;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.parley.protocol.push.Notification;
import io.parley.push.content.CollapseId;
import io.parley.push.message.Notifications;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebPushPayloadTest {

    private static JsonObject json(Notification notification) {
        return JsonParser.parseString(
                        new String(WebPushPayload.of(notification, Notifications.DIGEST), StandardCharsets.UTF_8))
                .getAsJsonObject();
    }

    @Test
    void a_service_worker_gets_what_it_shows() {
        Notification mention = Notifications.inGroup("Trip", "Anna", "Hello");

        assertThat(json(mention)).isEqualTo(JsonParser.parseString("""
                        {"title": "Trip", "body": "Anna: Hello", "conversation": "c-1", "seq": 42, "badge": 3, "tag": "%s", "mention": true}
                        """.formatted(CollapseId.of(mention))));
    }

    @Test
    void a_withdrawal_has_no_text() {
        Notification withdrawal = Notifications.withdrawal();

        assertThat(json(withdrawal)).isEqualTo(JsonParser.parseString("""
                        {"conversation": "c-1", "seq": 42, "badge": 3, "tag": "%s", "withdraw": true}
                        """.formatted(CollapseId.of(withdrawal))));
    }

    @Test
    void a_digest_is_about_no_conversation() {
        assertThat(json(Notifications.digest(7, 2)).keySet())
                .containsExactlyInAnyOrder("title", "body", "badge", "tag");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "\"", "\u0001", "🎉", "ü", "\u2028"})
    void a_long_body_is_cut_until_the_message_fits(String character) {
        byte[] payload = WebPushPayload.of(
                Notifications.alert(character.repeat(600), character.repeat(5000)), Notifications.DIGEST);

        assertThat(payload).hasSizeBetween(2500, WebPushPayload.MOST_BYTES);
    }
}
