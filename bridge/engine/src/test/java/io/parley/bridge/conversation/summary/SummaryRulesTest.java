package io.parley.bridge.conversation.summary;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.PlayedConversation;
import io.parley.bridge.conversation.PlayedConversation.Outcome;
import io.parley.bridge.conversation.window.MemberMentions;
import io.parley.bridge.conversation.window.MessageWindow;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.EraseMember;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.Summarize;
import io.parley.protocol.log.Summary;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.ConversationKind;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Describe;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Rename;
import io.parley.protocol.wire.Role;
import io.parley.protocol.wire.SetRetention;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a conversation says of itself to who lists conversations. */
public class SummaryRulesTest {
    private static final Node NODE = Node.newBuilder().setSlot(3).setEpoch(7).build();

    private final PlayedConversation group = PlayedConversation.group();

    public static ConversationCommand summarize(String user) {
        return ConversationCommand.newBuilder()
                .setOrigin(origin(user))
                .setRequestId("r")
                .setSummarize(Summarize.getDefaultInstance())
                .build();
    }

    private static Origin origin(String user) {
        return Origin.newBuilder()
                .setUser(user)
                .setDevice("d")
                .setNode(NODE)
                .setConnection(9)
                .build();
    }

    /** The one thing that follows: the answer to the connection that asked. */
    public static Summary summary(Decision decision) {
        assertThat(decision.changes()).isEmpty();
        return summary(decision.effects());
    }

    private static Summary summary(List<Effect> effects) {
        assertThat(effects).hasSize(1);
        Effect.Deliver deliver = (Effect.Deliver) effects.get(0);
        assertThat(deliver.slot()).isEqualTo(NODE.getSlot());
        assertThat(deliver.delivery().getEpoch()).isEqualTo(NODE.getEpoch());
        Summary summary = deliver.delivery().getSummary();
        assertThat(summary.getConnection()).isEqualTo(9);
        assertThat(summary.getRequestId()).isEqualTo("r");
        return summary;
    }

    private ConversationSummary of(String user) {
        Outcome outcome = group.does(
                origin(user),
                ConversationCommand.newBuilder().setRequestId("r").setSummarize(Summarize.getDefaultInstance()));
        return summary(outcome.effects()).getSummary();
    }

    private int unread(String user) {
        return of(user).getUnread();
    }

    private void reads(String user, int seq) {
        group.does(
                user,
                ConversationCommand.newBuilder()
                        .setReportCursors(ReportCursors.newBuilder()
                                .addCursors(Cursor.newBuilder().setUser(user).setRead(seq))));
    }

    private static Publication.Builder mentioning(String... users) {
        return Publication.newBuilder().setText("t").addAllMentions(List.of(users));
    }

    @Test
    void a_group_tells_a_member_all_that_it_is() {
        group.does(
                "ann",
                ConversationCommand.newBuilder().setRename(Rename.newBuilder().setName("team")));
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setDescribe(Describe.newBuilder().setDescription("what we do")));
        int last = group.says("ann", "hi").seq();
        reads("ben", last - 1);

        assertThat(of("ben"))
                .isEqualTo(ConversationSummary.newBuilder()
                        .setId(PlayedConversation.GROUP.value())
                        .setKind(ConversationKind.GROUP)
                        .setName("team")
                        .setDescription("what we do")
                        .setHead(last)
                        .setDelivered(last - 1)
                        .setRead(last - 1)
                        .setUnread(1)
                        .setMentions(0)
                        .addAllMembers(List.of("ann", "ben", "cid"))
                        .setRole(Role.MEMBER)
                        .build());
    }

    @Test
    void a_conversation_of_two_tells_each_of_them() {
        PlayedConversation two = new PlayedConversation(ConversationId.parse("ann~ben"), ConversationLimits.defaults());
        two.says("ann", "hi");

        Summary told = summary(two.does(
                        origin("ben"),
                        ConversationCommand.newBuilder().setRequestId("r").setSummarize(Summarize.getDefaultInstance()))
                .effects());

        assertThat(told.getSummary())
                .isEqualTo(ConversationSummary.newBuilder()
                        .setId("ann~ben")
                        .setKind(ConversationKind.DIRECT)
                        .setHead(1)
                        .setDelivered(0)
                        .setRead(0)
                        .setUnread(1)
                        .setMentions(0)
                        .addAllMembers(List.of("ann", "ben"))
                        .build());
    }

    @Test
    void who_is_no_member_is_told_that_and_nothing_else() {
        Outcome outcome = group.does(
                origin("eve"),
                ConversationCommand.newBuilder().setRequestId("r").setSummarize(Summarize.getDefaultInstance()));

        assertThat(summary(outcome.effects()).hasSummary()).isFalse();
    }

    @Test
    void messages_of_others_are_unread_and_edits_reactions_and_changes_are_not() {
        int first = group.says("ann", "one").seq();
        group.says("ben", "my own");
        group.says("cid", "two");
        group.edits("ann", first, "one!");
        group.reacts("cid", first, "👍");
        group.does(
                "ann",
                ConversationCommand.newBuilder().setRename(Rename.newBuilder().setName("team")));

        assertThat(unread("ben")).isEqualTo(2);
        reads("ben", first);
        assertThat(unread("ben")).isEqualTo(1);
        reads("ben", group.store.head().getSeq());
        assertThat(unread("ben")).isZero();
    }

    @Test
    void what_is_deleted_or_erased_is_unread_no_more() {
        int first = group.says("ann", "one").seq();
        group.says("cid", "two");
        group.says("ann", "three");

        group.deletes("ann", first);
        assertThat(unread("ben")).isEqualTo(2);
        group.does(
                "cid",
                ConversationCommand.newBuilder()
                        .setEraseMember(EraseMember.newBuilder().setUser("cid")));
        assertThat(unread("ben")).isEqualTo(1);
    }

    @Test
    void what_came_before_a_member_joined_is_not_unread() {
        group.publishes("ann", mentioning("dora"));
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setAddMembers(AddMembers.newBuilder().addUsers("dora")));
        group.publishes("ann", mentioning("dora"));

        assertThat(unread("dora")).isEqualTo(1);
        assertThat(of("dora").getMentions()).isEqualTo(1);
        assertThat(unread("ben")).isEqualTo(2);
    }

    @Test
    void what_went_because_all_had_it_is_not_unread() {
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setSetRetention(SetRetention.newBuilder().setUntilDelivered(Nothing.getDefaultInstance())));
        int gone = group.says("ann", "one").seq();
        for (String user : List.of("ann", "ben", "cid")) {
            group.does(
                    user,
                    ConversationCommand.newBuilder()
                            .setReportCursors(ReportCursors.newBuilder()
                                    .addCursors(
                                            Cursor.newBuilder().setUser(user).setRead(user.equals("ben") ? 1 : gone))));
        }
        assertThat(unread("ben")).isEqualTo(1);

        reads("ann", gone);
        group.store.apply(new Change.Purged(gone));
        group.says("ann", "two");

        assertThat(group.store.head().getPurged()).isEqualTo(gone);
        assertThat(unread("ben")).isEqualTo(1);
    }

    @Test
    void what_is_kept_no_longer_is_not_unread() {
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setSetRetention(SetRetention.newBuilder().setDays(2)));
        group.says("ann", "one");
        group.later(Duration.ofDays(1));
        group.says("ann", "two");
        assertThat(unread("ben")).isEqualTo(2);

        group.later(Duration.ofDays(1));
        assertThat(unread("ben")).isEqualTo(1);
        group.later(Duration.ofDays(1));
        assertThat(unread("ben")).isZero();
    }

    @Test
    void mentions_are_counted_as_long_as_they_are_unread_messages() {
        int first = group.publishes("ann", mentioning("ben", "ben", "eve")).seq();
        int second = group.publishes("cid", mentioning("ben", "ann")).seq();
        group.publishes("ben", mentioning("ben"));
        int third = group.publishes("ann", mentioning("ben")).seq();
        group.says("ann", "nobody");

        assertThat(of("ben").getMentions()).isEqualTo(3);
        assertThat(of("ann").getMentions()).isEqualTo(1);
        assertThat(of("cid").getMentions()).isZero();
        group.deletes("cid", second);
        assertThat(of("ben").getMentions()).isEqualTo(2);
        reads("ben", first);
        assertThat(of("ben").getMentions()).isEqualTo(1);
        group.publishes("ann", mentioning("ben"));
        assertThat(of("ben").getMentions()).isEqualTo(2);
        reads("ben", third);
        assertThat(of("ben").getMentions()).isEqualTo(1);
    }

    @Test
    void mentions_are_remembered_for_members_as_long_as_they_are_members() {
        group.publishes("ann", mentioning("ben", "eve"));
        assertThat(group.rows.keys("n|")).containsExactly("n|" + PlayedConversation.GROUP + "|ben");

        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setRemoveMembers(RemoveMembers.newBuilder().addUsers("ben")));

        assertThat(group.rows.keys("n|")).isEmpty();
    }

    @Test
    void unread_messages_and_mentions_are_counted_as_far_as_the_window_reaches() {
        int all = MessageWindow.BLOCKS * MessageWindow.BLOCK_SIZE + 200;
        for (int i = 0; i < all; i++) {
            group.publishes("ann", mentioning("ben"));
        }

        assertThat(unread("ben"))
                .isBetween(
                        MessageWindow.BLOCKS * MessageWindow.BLOCK_SIZE,
                        (MessageWindow.BLOCKS + 1) * MessageWindow.BLOCK_SIZE);
        assertThat(of("ben").getMentions()).isEqualTo(MemberMentions.MAX_SEQS);
        reads("ben", 1 + all - 10);
        assertThat(unread("ben")).isEqualTo(10);
        assertThat(of("ben").getMentions()).isEqualTo(10);
    }
}
