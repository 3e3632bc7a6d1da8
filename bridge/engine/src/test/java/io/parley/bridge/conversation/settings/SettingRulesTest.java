package io.parley.bridge.conversation.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.ConversationSizes;
import io.parley.bridge.conversation.PlayedConversation;
import io.parley.bridge.conversation.PlayedConversation.Outcome;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.Describe;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.Rename;
import io.parley.protocol.wire.Role;
import io.parley.protocol.wire.SetAddRight;
import io.parley.protocol.wire.SetAnnouncement;
import io.parley.protocol.wire.SetAvatar;
import io.parley.protocol.wire.SetReadReceipts;
import io.parley.protocol.wire.SetRetention;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingRulesTest {
    private static final Attachment PICTURE =
            Attachment.newBuilder().setId("a1").setContentType("image/png").build();

    private final PlayedConversation group = PlayedConversation.group();

    @Test
    void every_setting_is_an_event_once() {
        for (ConversationCommand.Builder command : List.of(
                rename("team"),
                describe("what we do"),
                avatar(PICTURE),
                announcement(true),
                addRight(Role.MEMBER),
                readReceipts(false),
                days(7))) {
            Outcome first = group.does("ann", command.clone());
            assertThat(first.events()).hasSize(1);
            assertThat(first.replies().get(0).hasOk()).isTrue();
            Outcome again = group.does("ann", command.clone());
            assertThat(again.events()).isEmpty();
            assertThat(again.replies().get(0).hasOk()).isTrue();
        }
        assertThat(group.store.head().getName()).isEqualTo("team");
        assertThat(group.store.head().getRetention().getDays()).isEqualTo(7);
        assertThat(group.store.head().getReadReceiptsOff()).isTrue();
        assertThat(group.store.profile().getDescription()).isEqualTo("what we do");
        assertThat(group.store.profile().getAvatar()).isEqualTo(PICTURE);
    }

    @Test
    void events_say_what_was_set() {
        assertThat(group.does("ann", rename("team")).event().getRenamed().getName())
                .isEqualTo("team");
        assertThat(group.does("ann", describe("what we do"))
                        .event()
                        .getDescribed()
                        .getDescription())
                .isEqualTo("what we do");
        assertThat(group.does("ann", avatar(PICTURE)).event().getAvatarChanged().getAttachment())
                .isEqualTo(PICTURE);
        assertThat(group.does("ann", announcement(true))
                        .event()
                        .getAnnouncementChanged()
                        .getOn())
                .isTrue();
        assertThat(group.does("ann", addRight(Role.OWNER))
                        .event()
                        .getAddRightChanged()
                        .getRole())
                .isEqualTo(Role.OWNER);
        assertThat(group.does("ann", days(7))
                        .event()
                        .getRetentionChanged()
                        .getRetention()
                        .getDays())
                .isEqualTo(7);
    }

    @Test
    void an_avatar_is_taken_away_by_none() {
        group.does("ann", avatar(PICTURE));
        Outcome away = group.does("ann", ConversationCommand.newBuilder().setSetAvatar(SetAvatar.getDefaultInstance()));

        assertThat(away.event().getAvatarChanged().hasAttachment()).isFalse();
        assertThat(group.store.profile().hasAvatar()).isFalse();
    }

    @Test
    void members_and_strangers_set_nothing() {
        for (ConversationCommand.Builder command : List.of(
                rename("team"),
                describe("what we do"),
                avatar(PICTURE),
                announcement(true),
                addRight(Role.MEMBER),
                readReceipts(false),
                days(7))) {
            assertThat(group.does("ben", command.clone()).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
            assertThat(group.does("eve", command.clone()).error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
        }
        assertThat(group.store.head().getSeq()).isEqualTo(1);
    }

    @Test
    void texts_have_limits() {
        assertThat(group.does("ann", rename("n".repeat(200))).events()).hasSize(1);
        assertThat(group.does("ann", rename("n".repeat(201))).error()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(group.does("ann", rename("😀".repeat(200))).events()).hasSize(1);
        assertThat(group.does("ann", rename("😀".repeat(201))).error()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(group.does("ann", describe("d".repeat(2000))).events()).hasSize(1);
        assertThat(group.does("ann", describe("d".repeat(2001))).error()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(group.does("ann", avatar(Attachment.getDefaultInstance())).error())
                .isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(group.does("ann", addRight(Role.ROLE_UNSPECIFIED)).error()).isEqualTo(ErrorCode.BAD_REQUEST);
    }

    @Test
    void a_retention_is_one_of_three() {
        assertThat(group.does("ann", retention(SetRetention.newBuilder())).error())
                .isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(group.does("ann", days(0)).error()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(group.does("ann", days(-1)).error()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(group.does("ann", forever())
                        .event()
                        .getRetentionChanged()
                        .getRetention()
                        .hasForever())
                .isTrue();
        assertThat(group.does("ann", untilDelivered())
                        .event()
                        .getRetentionChanged()
                        .getRetention()
                        .hasUntilDelivered())
                .isTrue();
    }

    @Test
    void the_server_says_how_long_is_too_long() {
        PlayedConversation strict = PlayedConversation.group(new ConversationLimits(
                Duration.ofHours(1), Duration.ofHours(1), 30, 30, 30, 100, 50, ConversationSizes.defaults()));

        assertThat(strict.does("ann", days(30)).events()).hasSize(1);
        assertThat(strict.does("ann", days(31)).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(strict.does("ann", forever()).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(strict.does("ann", untilDelivered()).events()).hasSize(1);
    }

    @Test
    void read_receipts_are_on_at_first() {
        assertThat(group.does("ann", readReceipts(true)).events()).isEmpty();
        assertThat(group.does("ann", readReceipts(false))
                        .event()
                        .getReadReceiptsChanged()
                        .getOn())
                .isFalse();
        assertThat(group.does("ann", readReceipts(true))
                        .event()
                        .getReadReceiptsChanged()
                        .getOn())
                .isTrue();
        assertThat(group.store.head().getReadReceiptsOff()).isFalse();
    }

    @Test
    void either_of_two_sets_the_retention_and_the_read_receipts_and_nothing_else() {
        PlayedConversation two = new PlayedConversation(ConversationId.parse("ann~ben"), ConversationLimits.defaults());

        assertThat(two.does("ben", days(7)).error()).as("nothing was said yet").isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(two.does("eve", days(9)).error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
        assertThat(two.rows.keys("")).isEmpty();
        two.says("ann", "hi");
        assertThat(two.does("ann", days(8)).seq()).isEqualTo(2);
        assertThat(two.does("ben", readReceipts(false)).seq()).isEqualTo(3);
        assertThat(two.does("eve", days(9)).error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
        assertThat(two.does("eve", readReceipts(true)).error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
        assertThat(two.does("ann", rename("us")).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(two.does("ann", announcement(true)).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
    }

    @Test
    void where_one_of_two_blocks_nothing_is_set() {
        PlayedConversation two = new PlayedConversation(ConversationId.parse("ann~ben"), ConversationLimits.defaults());
        two.says("ann", "hi");
        two.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setBlockChanged(BlockChanged.newBuilder().setBy("ann").setBlocked(true)));

        assertThat(two.does("ben", days(7)).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(two.store.head().getSeq()).isEqualTo(1);
    }

    private static ConversationCommand.Builder rename(String name) {
        return ConversationCommand.newBuilder().setRename(Rename.newBuilder().setName(name));
    }

    private static ConversationCommand.Builder describe(String text) {
        return ConversationCommand.newBuilder()
                .setDescribe(Describe.newBuilder().setDescription(text));
    }

    private static ConversationCommand.Builder avatar(Attachment attachment) {
        return ConversationCommand.newBuilder()
                .setSetAvatar(SetAvatar.newBuilder().setAttachment(attachment));
    }

    private static ConversationCommand.Builder announcement(boolean on) {
        return ConversationCommand.newBuilder()
                .setSetAnnouncement(SetAnnouncement.newBuilder().setOn(on));
    }

    private static ConversationCommand.Builder addRight(Role role) {
        return ConversationCommand.newBuilder()
                .setSetAddRight(SetAddRight.newBuilder().setRole(role));
    }

    private static ConversationCommand.Builder readReceipts(boolean on) {
        return ConversationCommand.newBuilder()
                .setSetReadReceipts(SetReadReceipts.newBuilder().setOn(on));
    }

    private static ConversationCommand.Builder days(int days) {
        return retention(SetRetention.newBuilder().setDays(days));
    }

    private static ConversationCommand.Builder forever() {
        return retention(SetRetention.newBuilder().setForever(Nothing.getDefaultInstance()));
    }

    private static ConversationCommand.Builder untilDelivered() {
        return retention(SetRetention.newBuilder().setUntilDelivered(Nothing.getDefaultInstance()));
    }

    private static ConversationCommand.Builder retention(SetRetention.Builder retention) {
        return ConversationCommand.newBuilder().setSetRetention(retention);
    }
}
