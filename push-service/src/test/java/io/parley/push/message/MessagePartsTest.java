package io.parley.push.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.push.Notification;
import io.parley.push.content.CollapseId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessagePartsTest {
    private static final long NOW_MILLIS = 1_800_000_000_000L;

    @Test
    void a_text_is_cut_between_characters() {
        assertThat(Utf8.within("Grüße 🎉🎉", 40)).isEqualTo("Grüße 🎉🎉");
        assertThat(Utf8.within("Grüße 🎉🎉", 15)).isEqualTo("Grüße 🎉…");
        assertThat(Utf8.within("Grüße 🎉🎉", 14)).isEqualTo("Grüße …");
        assertThat(Utf8.within("Grüße", 5)).isEqualTo("Gr…");
        assertThat(Utf8.within("Grüße", 2)).isEmpty();
    }

    @Test
    void half_a_character_takes_the_byte_that_it_is_encoded_to() {
        assertThat(Utf8.within("\ud83c".repeat(10), 6)).isEqualTo("\ud83c\ud83c\ud83c…");
    }

    @Test
    void a_group_says_who_writes() {
        assertThat(ShownText.of(Notifications.inGroup("Trip", "Anna", "Hello"), Notifications.DIGEST))
                .isEqualTo(new ShownText("Trip", "Anna: Hello"));
        assertThat(ShownText.of(Notifications.alert("Anna", "Hello"), Notifications.DIGEST))
                .isEqualTo(new ShownText("Anna", "Hello"));
    }

    @Test
    void a_withdrawal_shows_nothing() {
        assertThat(ShownText.of(Notifications.withdrawal(), Notifications.DIGEST))
                .isEqualTo(new ShownText("", ""));
    }

    @Test
    void a_badge_alone_shows_nothing_and_is_about_no_conversation() {
        assertThat(ShownText.isIn(Notifications.badge(2))).isFalse();
        assertThat(ShownText.of(Notifications.badge(2), Notifications.DIGEST)).isEqualTo(new ShownText("", ""));
        assertThat(AppData.of(Notifications.badge(2))).isEqualTo(Map.of("badge", "2"));
    }

    @Test
    void an_app_reads_what_it_is_about() {
        Notification mention = Notifications.inGroup("Trip", "Anna", "Hello");

        assertThat(AppData.of(mention))
                .isEqualTo(Map.of(
                        "conversation",
                        "c-1",
                        "seq",
                        "42",
                        "badge",
                        "3",
                        "tag",
                        CollapseId.of(mention),
                        "mention",
                        "true"));
        assertThat(AppData.of(Notifications.withdrawal())).containsEntry("withdraw", "true");
    }

    @Test
    void a_digest_is_about_no_conversation() {
        Notification digest = Notifications.digest(7, 2);

        assertThat(AppData.of(digest)).isEqualTo(Map.of("badge", "7", "tag", CollapseId.of(digest)));
    }

    @Test
    void a_number_is_unsigned() {
        Notification many = Notifications.withdrawal().toBuilder().setSeq(-1).build();

        assertThat(AppData.of(many)).containsEntry("seq", "4294967295");
    }

    @Test
    void what_expires_is_kept_no_longer() {
        Notification.Builder notification = Notification.newBuilder();

        assertThat(TimeToLive.of(notification.build(), NOW_MILLIS)).isEqualTo(TimeToLive.LONGEST);
        assertThat(TimeToLive.of(
                        notification.setExpiresAtMillis(NOW_MILLIS + 5000).build(), NOW_MILLIS))
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(TimeToLive.of(notification.setExpiresAtMillis(NOW_MILLIS - 1).build(), NOW_MILLIS))
                .isZero();
        assertThat(TimeToLive.of(notification.setExpiresAtMillis(Long.MAX_VALUE).build(), NOW_MILLIS))
                .isEqualTo(TimeToLive.LONGEST);
    }
}
