package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import io.parley.bridge.Effect;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Notice;
import io.parley.protocol.log.PushRequest;
import io.parley.protocol.log.Unacknowledged;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.Block;
import io.parley.protocol.wire.Delete;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Mute;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.QuietHours;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.SetPushSettings;
import io.parley.protocol.wire.SetRetention;
import io.parley.protocol.wire.Unmute;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is notified of what: conversations, users and what knows the owners of tokens, each taking its commands when it likes. */
final class NotificationsTest {
    private static final ConversationId CHAT = PlayedPhones.chat("ann", "ben");
    private static final ConversationId GROUP = PlayedPhones.GROUP;
    private static final Duration HOUR = Duration.ofHours(1);

    private final PlayedPhones phones = new PlayedPhones(1);

    NotificationsTest() {
        phones.connects("ann/phone");
        phones.connects("ben/phone");
        phones.connects("cid/phone");
    }

    /** ben is away, with a token, and knows the conversation. */
    private void benIsAway() {
        phones.registers("ben/phone", "bens");
        phones.says("ann/phone", CHAT, "before");
        phones.leaves("ben/phone");
        assertThat(phones.notifications()).isEmpty();
    }

    private Notification one() {
        List<Notification> all = phones.notifications();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static List<String> bodies(List<Notification> notifications) {
        return notifications.stream().map(one -> one.getAlert().getBody()).toList();
    }

    @Test
    void who_is_away_is_notified_of_each_message_with_what_it_says() {
        benIsAway();
        long nowMillis = phones.log.nowMillis();

        int seq = phones.says("ann/phone", CHAT, "hello");

        Notification notification = one();
        assertThat(notification.getUser()).isEqualTo("ben");
        assertThat(notification.getTokensList()).extracting(PushToken::getToken).containsExactly("bens");
        assertThat(notification.getConversation()).isEqualTo(CHAT.value());
        assertThat(notification.getSeq()).isEqualTo(seq);
        assertThat(notification.getBadge()).as("before was not read, either").isEqualTo(2);
        assertThat(notification.getAtMillis()).isEqualTo(nowMillis);
        assertThat(notification.getExpiresAtMillis())
                .isEqualTo(nowMillis + Duration.ofDays(30).toMillis());
        assertThat(notification.getAlert().getTitle()).isEqualTo("ann");
        assertThat(notification.getAlert().getSender()).isEqualTo("ann");
        assertThat(notification.getAlert().getBody()).isEqualTo("hello");
        assertThat(notification.getAlert().getGroup()).isFalse();

        phones.says("ann/phone", CHAT, "again");
        assertThat(one().getBadge()).isEqualTo(3);
        phones.says("ann/phone", CHAT, "x".repeat(500));
        assertThat(one().getAlert().getBody()).hasSize(160).endsWith("…");
    }

    @Test
    void the_first_message_of_a_conversation_is_notified_and_the_next_one_too() {
        phones.registers("ben/phone", "bens");
        phones.leaves("ben/phone");

        phones.says("ann/phone", CHAT, "hello");
        phones.says("ann/phone", CHAT, "there");

        assertThat(bodies(phones.notifications())).containsExactly("hello", "there");
    }

    @Test
    void a_group_has_its_name_as_title_and_what_is_no_text_says_what_it_is() {
        phones.registers("ben/phone", "bens");
        phones.founds("ann", "ben", "cid");
        phones.leaves("ben/phone");

        phones.publishes(
                "ann/phone",
                GROUP,
                Publication.newBuilder()
                        .addAttachments(Attachment.newBuilder().setId("a1").setContentType("image/png")));

        Notification notification = one();
        assertThat(notification.getAlert().getTitle()).isEqualTo("climbers");
        assertThat(notification.getAlert().getSender()).isEqualTo("ann");
        assertThat(notification.getAlert().getBody()).isEqualTo("picture");
        assertThat(notification.getAlert().getGroup()).isTrue();
    }

    @Test
    void nobody_is_notified_of_their_own_message_or_while_a_device_gets_it() {
        phones.registers("ben/phone", "bens");
        phones.connects("ben/desk");
        phones.says("ann/phone", CHAT, "before");
        phones.leaves("ben/phone");

        phones.says("ann/phone", CHAT, "the desk gets it");
        phones.says("ben/desk", CHAT, "my own");
        assertThat(phones.notifications()).isEmpty();

        phones.leaves("ben/desk");
        phones.says("ben/desk", CHAT, "my own, on its way while I left");
        assertThat(phones.notifications()).isEmpty();
        phones.says("ann/phone", CHAT, "now");
        assertThat(bodies(phones.notifications())).containsExactly("now");
    }

    @Test
    void what_a_device_did_not_acknowledge_before_it_went_is_notified() {
        phones.registers("ben/phone", "bens");
        phones.says("ann/phone", CHAT, "before");
        phones.acknowledges("ben/phone", CHAT, 1);
        int seq = phones.says("ann/phone", CHAT, "lost in the tunnel");

        phones.drops("ben/phone");

        Notification notification = one();
        assertThat(notification.getSeq()).isEqualTo(seq);
        assertThat(notification.getAlert().getBody()).as("no text is kept").isEqualTo("New message");
        phones.opens("ben/phone");
        phones.drops("ben/phone");
        assertThat(phones.notifications()).as("told already").isEmpty();
        phones.says("ann/phone", CHAT, "more");
        assertThat(bodies(phones.notifications())).containsExactly("more");
    }

    @Test
    void a_device_that_acknowledges_nothing_is_taken_for_unreachable_until_it_does() {
        phones.registers("ben/phone", "bens");
        phones.says("ann/phone", CHAT, "before");
        phones.acknowledges("ben/phone", CHAT, 1);
        int seq = phones.says("ann/phone", CHAT, "in the tunnel");
        assertThat(phones.notifications()).isEmpty();

        stalls(seq, "in the tunnel");
        assertThat(bodies(phones.notifications())).containsExactly("in the tunnel");
        phones.says("ann/phone", CHAT, "still there");
        assertThat(bodies(phones.notifications())).containsExactly("still there");
        phones.acknowledges("ben/phone", CHAT, seq + 1);
        phones.says("ann/phone", CHAT, "in the light");
        assertThat(phones.notifications()).isEmpty();
    }

    @Test
    void a_device_that_acknowledges_nothing_is_no_reason_when_another_has_everything() {
        phones.registers("ben/phone", "bens");
        phones.connects("ben/desk");
        int seq = phones.says("ann/phone", CHAT, "one");
        phones.acknowledges("ben/desk", CHAT, seq);

        stalls(seq, "one");
        phones.says("ann/phone", CHAT, "two");

        assertThat(phones.notifications()).isEmpty();
    }

    private void stalls(int seq, String text) {
        phones.toConversation(
                "ben/phone",
                CHAT,
                ConversationCommand.newBuilder()
                        .setUnacknowledged(Unacknowledged.newBuilder()
                                .setSeq(seq)
                                .setNotice(Notice.newBuilder()
                                        .setSeq(seq)
                                        .setSender("ann")
                                        .setBody(text))));
    }

    @Test
    void a_muted_conversation_is_silent_but_for_mentions_where_they_are_excepted() {
        phones.founds("ann", "ben");
        phones.registers("ben/phone", "bens");
        assertThat(phones.mutes("ben/phone", GROUP, false).hasOk()).isTrue();
        phones.leaves("ben/phone");
        phones.says("ann/phone", GROUP, "silent", "ben");
        phones.says("ann/phone", GROUP, "silent, too", "ben");
        assertThat(phones.notifications()).isEmpty();

        phones.opens("ben/phone");
        phones.mutes("ben/phone", GROUP, true);
        phones.leaves("ben/phone");
        phones.says("ann/phone", GROUP, "silent");
        phones.says("ann/phone", GROUP, "look", "ben");
        Notification notification = one();
        assertThat(notification.getAlert().getBody()).isEqualTo("look");
        assertThat(notification.getAlert().getMention()).isTrue();

        phones.opens("ben/phone");
        phones.asks(
                "ben/phone",
                PushRequest.newBuilder().setUnmute(Unmute.newBuilder().setConversation(GROUP.value())));
        phones.leaves("ben/phone");
        phones.says("ann/phone", GROUP, "loud");
        assertThat(bodies(phones.notifications())).containsExactly("loud");
    }

    @Test
    void a_mute_ends_at_its_time_while_its_user_is_away() {
        phones.founds("ann", "ben");
        phones.registers("ben/phone", "bens");
        phones.asks(
                "ben/phone",
                PushRequest.newBuilder()
                        .setMute(Mute.newBuilder()
                                .setConversation(GROUP.value())
                                .setUntil(Timestamps.fromMillis(phones.log.nowMillis() + 60_000))));
        phones.leaves("ben/phone");
        phones.says("ann/phone", GROUP, "silent");
        phones.says("ann/phone", GROUP, "silent");
        phones.later(61_000);
        phones.says("ann/phone", GROUP, "loud");

        assertThat(bodies(phones.notifications())).containsExactly("loud");
    }

    @Test
    void only_members_mute_and_only_for_a_time_to_come() {
        phones.founds("ann", "cid");

        assertThat(phones.mutes("ben/phone", GROUP, false).getError().getCode()).isEqualTo(ErrorCode.NOT_A_MEMBER);
        assertThat(phones.asks(
                                "ann/phone",
                                PushRequest.newBuilder()
                                        .setMute(Mute.newBuilder()
                                                .setConversation(GROUP.value())
                                                .setUntil(Timestamps.fromMillis(phones.log.nowMillis()))))
                        .getError()
                        .getMessage())
                .startsWith("until ");
    }

    @Test
    void whom_one_blocks_is_not_heard_of_in_a_group() {
        phones.founds("ann", "ben", "cid");
        phones.registers("ben/phone", "bens");
        phones.toUser(
                "ben/phone",
                UserCommand.newBuilder().setBlock(Block.newBuilder().setUser("cid")));
        phones.leaves("ben/phone");

        phones.says("cid/phone", GROUP, "blocked");
        phones.says("ann/phone", GROUP, "welcome");

        assertThat(bodies(phones.notifications())).containsExactly("welcome");
    }

    @Test
    void reading_elsewhere_withdraws_and_lowers_the_badge() {
        benIsAway();
        int seq = phones.says("ann/phone", CHAT, "hello");
        phones.connects("ben/desk");
        phones.notifications();

        phones.acknowledges("ben/desk", CHAT, seq);
        assertThat(phones.notifications()).as("received is not read").isEmpty();
        phones.reads("ben/desk", CHAT, seq);

        Notification withdrawal = one();
        assertThat(withdrawal.hasWithdrawal()).isTrue();
        assertThat(withdrawal.getConversation()).isEqualTo(CHAT.value());
        assertThat(withdrawal.getBadge()).isZero();
        phones.reads("ben/desk", CHAT, seq);
        assertThat(phones.notifications()).as("once").isEmpty();
    }

    @Test
    void what_is_deleted_is_withdrawn_and_counts_no_more() {
        benIsAway();
        phones.says("ann/phone", CHAT, "one");
        int seq = phones.says("ann/phone", CHAT, "two");
        phones.notifications();

        phones.publishes(
                "ann/phone",
                CHAT,
                Publication.newBuilder().setDelete(Delete.newBuilder().setSeq(seq)));

        Notification withdrawal = one();
        assertThat(withdrawal.hasWithdrawal()).isTrue();
        assertThat(withdrawal.getSeq()).isEqualTo(seq);
        assertThat(withdrawal.getBadge()).isEqualTo(2);
    }

    @Test
    void what_expires_is_withdrawn() {
        benIsAway();
        phones.says("ann/phone", CHAT, "hello");
        phones.notifications();

        phones.log.pass(Duration.ofDays(31).toMillis());
        phones.run();

        assertThat(phones.notifications())
                .anyMatch(one -> one.hasWithdrawal() && one.getConversation().equals(CHAT.value()));
    }

    @Test
    void a_removed_member_keeps_nothing_and_hears_nothing_more() {
        phones.founds("ann", "ben", "cid");
        phones.registers("ben/phone", "bens");
        phones.leaves("ben/phone");
        phones.says("ann/phone", GROUP, "hello");
        phones.notifications();

        phones.toConversation(
                "ann/phone",
                GROUP,
                ConversationCommand.newBuilder()
                        .setRemoveMembers(RemoveMembers.newBuilder().addUsers("ben")));
        assertThat(one().hasWithdrawal()).isTrue();
        phones.registers("cid/phone", "cids");
        phones.leaves("cid/phone");
        phones.says("ann/phone", GROUP, "secret");
        assertThat(phones.notifications()).extracting(Notification::getUser).containsExactly("cid");
    }

    @Test
    void previews_can_be_turned_off() {
        benIsAway();
        phones.opens("ben/phone");
        phones.asks(
                "ben/phone",
                PushRequest.newBuilder()
                        .setSetPushSettings(SetPushSettings.newBuilder().setPreview(false)));
        phones.leaves("ben/phone");

        phones.says("ann/phone", CHAT, "hello");

        Notification notification = one();
        assertThat(notification.getAlert().getBody()).isEqualTo("New message");
        assertThat(notification.getAlert().getTitle() + notification.getAlert().getSender())
                .isEmpty();
    }

    @Test
    void in_quiet_hours_nothing_is_shown_and_one_summary_comes_after_them() {
        // 22:13 UTC.
        benIsAway();
        phones.opens("ben/phone");
        phones.asks(
                "ben/phone",
                PushRequest.newBuilder()
                        .setSetPushSettings(SetPushSettings.newBuilder()
                                .setQuietHours(QuietHours.newBuilder()
                                        .setFrom("23:00")
                                        .setTo("00:00")
                                        .setTimeZone("Europe/Berlin"))));
        phones.founds("ann", "ben");
        phones.leaves("ben/phone");
        phones.says("ann/phone", CHAT, "one");
        phones.says("ann/phone", CHAT, "two");
        phones.says("ann/phone", GROUP, "three");
        assertThat(phones.notifications()).isEmpty();

        phones.later(HOUR.toMillis());

        Notification summary = one();
        assertThat(summary.getDigest().getMessages()).isEqualTo(3);
        assertThat(summary.getDigest().getConversations()).isEqualTo(2);
        assertThat(summary.getConversation()).isEmpty();
        phones.reads("ben/phone", GROUP, 2);
        assertThat(phones.notifications())
                .as("it counts another conversation, too")
                .isEmpty();
        phones.reads("ben/phone", CHAT, 3);
        Notification withdrawal = one();
        assertThat(withdrawal.hasWithdrawal()).isTrue();
        assertThat(withdrawal.getConversation()).isEmpty();
        phones.says("ann/phone", CHAT, "loud");
        assertThat(bodies(phones.notifications())).containsExactly("loud");
    }

    @Test
    void what_was_read_in_quiet_hours_is_in_no_summary() {
        benIsAway();
        phones.opens("ben/phone");
        phones.asks(
                "ben/phone",
                PushRequest.newBuilder()
                        .setSetPushSettings(SetPushSettings.newBuilder()
                                .setQuietHours(QuietHours.newBuilder()
                                        .setFrom("23:00")
                                        .setTo("00:00")
                                        .setTimeZone("Europe/Berlin"))));
        phones.leaves("ben/phone");
        int seq = phones.says("ann/phone", CHAT, "one");
        phones.reads("ben/phone", CHAT, seq);

        phones.later(HOUR.toMillis());
        phones.says("ann/phone", CHAT, "loud");

        assertThat(bodies(phones.notifications())).containsExactly("loud");
    }

    @Test
    void reading_some_of_it_elsewhere_lowers_the_badge_once_in_a_while() {
        benIsAway();
        phones.says("ann/phone", CHAT, "one");
        phones.says("ann/phone", CHAT, "two");
        phones.connects("ben/desk");
        assertThat(phones.notifications()).extracting(Notification::getBadge).endsWith(3);

        phones.reads("ben/desk", CHAT, 1);
        phones.reads("ben/desk", CHAT, 2);
        assertThat(phones.notifications()).as("more may be read").isEmpty();
        phones.later(6_000);

        Notification badge = one();
        assertThat(badge.hasBadgeChanged()).isTrue();
        assertThat(badge.getBadge()).isEqualTo(1);
        assertThat(badge.getConversation()).isEmpty();
        assertThat(badge.getTokensList()).extracting(PushToken::getToken).containsExactly("bens");
        phones.later(20_000);
        assertThat(phones.notifications()).as("it was told").isEmpty();
        phones.reads("ben/desk", CHAT, 3);
        assertThat(one().hasWithdrawal()).isTrue();
        phones.later(20_000);
        assertThat(phones.notifications()).as("the withdrawal told it").isEmpty();
    }

    @Test
    void what_a_notification_or_a_connected_device_knows_needs_no_badge_of_its_own() {
        phones.founds("ann", "ben");
        benIsAway();
        phones.says("ann/phone", CHAT, "one");
        phones.connects("ben/desk");
        phones.notifications();

        phones.reads("ben/desk", CHAT, 1);
        phones.leaves("ben/desk");
        phones.says("ann/phone", GROUP, "hi");
        assertThat(one().getBadge()).isEqualTo(2);
        phones.later(20_000);
        assertThat(phones.notifications()).as("the alert told it").isEmpty();

        phones.opens("ben/phone");
        phones.connects("ben/desk");
        phones.says("ann/phone", CHAT, "two");
        phones.says("ann/phone", CHAT, "three");
        phones.reads("ben/desk", CHAT, 3);
        phones.later(20_000);
        assertThat(phones.notifications()).noneMatch(Notification::hasBadgeChanged);
    }

    @Test
    void who_keeps_messages_longer_lets_what_is_shown_stay_and_who_keeps_them_shorter_lets_it_go() {
        phones.founds("ann", "ben");
        phones.registers("ben/phone", "bens");
        phones.leaves("ben/phone");
        phones.says("ann/phone", GROUP, "hello");
        phones.notifications();

        keeps(SetRetention.newBuilder().setForever(Nothing.getDefaultInstance()));
        phones.log.pass(Duration.ofDays(31).toMillis());
        phones.run();
        assertThat(phones.notifications()).as("it is kept for ever").isEmpty();

        keeps(SetRetention.newBuilder().setDays(2));
        phones.run();
        phones.log.pass(2_000);
        phones.run();
        assertThat(phones.notifications())
                .anyMatch(one -> one.hasWithdrawal() && one.getConversation().equals(GROUP.value()));
    }

    private void keeps(SetRetention.Builder retention) {
        phones.toConversation(
                "ann/phone", GROUP, ConversationCommand.newBuilder().setSetRetention(retention));
    }

    @Test
    void who_comes_within_a_minute_of_a_push_is_counted_once() {
        benIsAway();
        Effect pushed = new Effect.Pushed(Set.of(PushPlatform.FCM));
        Effect fetched = new Effect.Fetched(Set.of(PushPlatform.FCM));

        phones.says("ann/phone", CHAT, "one");
        phones.says("ann/phone", CHAT, "two");
        assertThat(phones.log.counts).containsExactly(pushed);
        phones.opens("ben/phone");
        assertThat(phones.log.counts).containsExactly(pushed, fetched);
        phones.leaves("ben/phone");
        phones.opens("ben/phone");
        phones.leaves("ben/phone");
        assertThat(phones.log.counts).as("once").containsExactly(pushed, fetched);

        phones.says("ann/phone", CHAT, "three");
        phones.later(62_000);
        phones.opens("ben/phone");
        assertThat(phones.log.counts).as("too late").containsExactly(pushed, fetched, pushed);
    }

    @Test
    void a_device_that_does_not_acknowledge_is_connected_and_not_measured() {
        phones.registers("ben/phone", "bens");
        phones.says("ann/phone", CHAT, "before");
        phones.acknowledges("ben/phone", CHAT, 1);
        int seq = phones.says("ann/phone", CHAT, "in the tunnel");

        stalls(seq, "in the tunnel");

        assertThat(phones.notifications()).hasSize(1);
        assertThat(phones.log.counts).isEmpty();
    }
}
