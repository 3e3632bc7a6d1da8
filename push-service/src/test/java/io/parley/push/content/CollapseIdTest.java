package io.parley.push.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.push.Alert;
import io.parley.protocol.push.Digest;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.Withdrawal;
import org.junit.jupiter.api.Test;

final class CollapseIdTest {

    @Test
    void it_is_32_characters_of_url_safe_base64_however_long_the_conversations_id_is() {
        assertThat(CollapseId.of(alert("x".repeat(300)))).matches("[A-Za-z0-9_-]{32}");
        assertThat(CollapseId.of(alert("ann~ben"))).matches("[A-Za-z0-9_-]{32}");
    }

    @Test
    void all_of_one_conversation_have_the_same_and_others_another() {
        Notification withdrawal = Notification.newBuilder()
                .setConversation("ann~ben")
                .setWithdrawal(Withdrawal.getDefaultInstance())
                .build();

        assertThat(CollapseId.of(withdrawal)).isEqualTo(CollapseId.of(alert("ann~ben")));
        assertThat(CollapseId.of(alert("ann~eve"))).isNotEqualTo(CollapseId.of(alert("ann~ben")));
    }

    @Test
    void it_stays_the_same_over_releases() {
        assertThat(CollapseId.of(alert("ann~ben"))).isEqualTo("9NMc-hm9WPRF55euPhdfGvLhNp5O-dbb");
    }

    @Test
    void digests_replace_each_other_and_no_conversation() {
        Notification digest = Notification.newBuilder()
                .setDigest(Digest.newBuilder().setMessages(3))
                .build();

        assertThat(CollapseId.of(digest))
                .isEqualTo(CollapseId.of(digest.toBuilder().setBadge(7).build()))
                .isNotEqualTo(CollapseId.of(alert("digest")))
                .isNotEqualTo(CollapseId.of(alert("")));
    }

    private static Notification alert(String conversation) {
        return Notification.newBuilder()
                .setConversation(conversation)
                .setAlert(Alert.newBuilder().setBody("hi"))
                .build();
    }
}
