package io.parley.bridge.user.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.state.Moved;
import io.parley.bridge.state.UnreadCount;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserLimits;
import io.parley.bridge.user.machine.UserRules;
import io.parley.bridge.user.machine.UserStore;
import io.parley.protocol.ConversationId;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Listed;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ListConversations;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The pages of the conversations that a user is in. */
class ListingRulesTest {
    private static final UserId ANN = UserId.parse("ann");
    private static final Node NODE = Node.newBuilder().setSlot(2).setEpoch(5).build();

    private final UserRules rules = new UserRules(10_000, UserLimits.defaults());
    private final UserStore ann = new UserStore(ANN, new MapRows());

    private Listed list(int limit, String after) {
        UserDecision decision = rules.decide(
                ann,
                UserCommand.newBuilder()
                        .setOrigin(Origin.newBuilder()
                                .setUser("ann")
                                .setDevice("phone")
                                .setConnection(4)
                                .setNode(NODE))
                        .setRequestId("r1")
                        .setListConversations(
                                ListConversations.newBuilder().setLimit(limit).setAfter(after))
                        .build(),
                1_700_000_000_000L);
        assertThat(decision.changes()).isEmpty();
        assertThat(decision.effects()).hasSize(1);
        Effect.Deliver answer = (Effect.Deliver) decision.effects().get(0);
        assertThat(answer.slot()).isEqualTo(NODE.getSlot());
        assertThat(answer.delivery().getEpoch()).isEqualTo(NODE.getEpoch());
        assertThat(answer.delivery().getSerializedSize()).isLessThan(RecordLimit.MAX_BYTES);
        Listed listed = answer.delivery().getListed();
        assertThat(listed.getConnection()).isEqualTo(4);
        assertThat(listed.getRequestId()).isEqualTo("r1");
        return listed;
    }

    private void joins(List<String> conversations) {
        conversations.forEach(one -> ann.apply(new UserChange.Joined(ConversationId.parse(one), 1)));
    }

    private static List<String> groups(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.format("g%012d", i))
                .toList();
    }

    @Test
    void who_is_in_no_conversation_gets_an_empty_last_page() {
        Listed page = list(0, "");

        assertThat(page.getConversationsList()).isEmpty();
        assertThat(page.getMore()).isFalse();
    }

    @Test
    void a_page_without_a_limit_has_a_thousand() {
        joins(groups(1001));

        assertThat(list(0, "").getConversationsList()).isEqualTo(groups(1000));
        assertThat(list(0, "").getMore()).isTrue();
        assertThat(list(-1, "").getConversationsCount()).isEqualTo(1000);
        assertThat(list(1001, "").getConversationsCount()).isEqualTo(1000);
    }

    @Test
    void a_page_that_has_all_is_the_last() {
        joins(groups(1000));

        assertThat(list(0, "").getConversationsCount()).isEqualTo(1000);
        assertThat(list(0, "").getMore()).isFalse();
    }

    @Test
    void ten_thousand_conversations_are_listed_page_by_page_each_once() {
        List<String> all = new ArrayList<>(groups(9_998));
        all.add(0, "ann~ben");
        all.add(1, "ann~ben.b");
        joins(all);

        List<String> listed = new ArrayList<>();
        int pages = 0;
        Listed page = Listed.newBuilder().setMore(true).build();
        while (page.getMore()) {
            page = list(300, listed.isEmpty() ? "" : listed.get(listed.size() - 1));
            listed.addAll(page.getConversationsList());
            pages++;
        }

        assertThat(listed).isEqualTo(all);
        assertThat(pages).isEqualTo(34);
    }

    @Test
    void a_page_goes_on_although_the_user_left_the_conversation_after_which_it_does() {
        joins(groups(3));
        ann.apply(new UserChange.Left(ConversationId.parse(groups(3).get(1))));

        assertThat(list(0, groups(3).get(1)).getConversationsList())
                .containsExactly(groups(3).get(2));
        assertThat(list(0, "").getConversationsList())
                .containsExactly(groups(3).get(0), groups(3).get(2));
    }

    @Test
    void the_longest_names_fit_into_one_record() {
        IntStream.range(0, 2000)
                .forEach(i -> ann.apply(new UserChange.Joined(
                        ConversationId.parse("a".repeat(64) + "~" + "z".repeat(60) + String.format("%04d", i)), 1)));

        assertThat(list(0, "").getConversationsCount()).isEqualTo(1000);
        assertThat(list(0, "").getUncertainCount()).isEqualTo(1000);
    }

    private void unread(String conversation, int messages) {
        ann.apply(new UserChange.UnreadCounted(
                ConversationId.parse(conversation),
                UnreadCount.newBuilder().setUnread(messages).build()));
    }

    private void moved(String conversation) {
        ann.apply(new UserChange.ConversationMoved(ConversationId.parse(conversation), Moved.getDefaultInstance()));
    }

    @Test
    void a_page_tells_what_is_unread_on_it_and_elsewhere_and_which_conversations_know_that_only_themselves() {
        ann.apply(new UserChange.MovedKept());
        List<String> ids = groups(6);
        joins(ids);
        unread(ids.get(0), 1);
        unread(ids.get(1), 2);
        unread(ids.get(3), 4);
        unread(ids.get(4), 8);
        moved(ids.get(1));
        moved(ids.get(4));
        moved(ids.get(5));

        Listed first = list(3, "");
        assertThat(first.getUnreadList()).containsExactly(2, 0, 1);
        assertThat(first.getUncertainList()).containsExactly(ids.get(4), ids.get(5));
        assertThat(first.getUnreadElsewhere()).isEqualTo(4);
        Listed second = list(3, ids.get(2));
        assertThat(second.getUnreadList()).containsExactly(5, 0, 0);
        assertThat(second.getUncertainList()).containsExactly(ids.get(1));
        assertThat(second.getUnreadElsewhere()).isEqualTo(1);
    }

    @Test
    void what_was_only_taken_up_is_known() {
        ann.apply(new UserChange.MovedKept());
        joins(groups(2));
        unread(groups(2).get(1), 4);
        ann.apply(new UserChange.ConversationMoved(
                ConversationId.parse(groups(2).get(1)),
                Moved.newBuilder().setCounted(true).build()));

        assertThat(list(1, "").getUncertainList()).isEmpty();
        assertThat(list(1, "").getUnreadElsewhere()).isEqualTo(4);
    }

    @Test
    void of_too_many_that_moved_what_was_told_last_counts() {
        ann.apply(new UserChange.MovedKept());
        List<String> ids = groups(1003);
        joins(ids);
        ids.forEach(this::moved);
        ids.forEach(id -> unread(id, 3));

        Listed page = list(1, "");

        assertThat(page.getUncertainList()).isEqualTo(ids.subList(1, 1001));
        assertThat(page.getUnreadElsewhere()).isEqualTo(6);
    }
}
