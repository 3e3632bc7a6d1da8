package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.Listed;
import io.parley.protocol.log.Muted;
import io.parley.protocol.log.Summary;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.ListConversations;
import io.parley.protocol.wire.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How the parts of a page come together. */
final class ListingTest {
    private static final int PLENTY = 512 * 1024;

    private static Listing listing(int maxBytes) {
        return new Listing(new ListingRequest("r1", ListConversations.getDefaultInstance(), WireFormat.JSON, maxBytes));
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.format("g%012d", i))
                .toList();
    }

    private static Listed listed(int count, boolean more) {
        Listed.Builder listed =
                Listed.newBuilder().addAllConversations(ids(count)).setMore(more);
        // As the summaries say.
        ids(count).forEach(id -> listed.addUnread(2));
        return listed.build();
    }

    private static Summary summary(String id) {
        return summary(id, "");
    }

    private static Summary summary(String id, String name) {
        return Summary.newBuilder()
                .setSummary(
                        ConversationSummary.newBuilder().setId(id).setName(name).setUnread(1))
                .build();
    }

    private static List<String> ids(Reply reply) {
        return reply.getConversationsList().stream()
                .map(ConversationSummary::getId)
                .toList();
    }

    /** Everything that is asked answers in an order of chance. Returns how many were asked at once. */
    private static List<Integer> answerAll(Listing listing, Listing.Asking first, String name) {
        Random random = new Random(7);
        List<Integer> slices = new ArrayList<>();
        List<String> asked = new ArrayList<>(first.conversations());
        while (!asked.isEmpty()) {
            slices.add(asked.size());
            Collections.shuffle(asked, random);
            List<String> next = new ArrayList<>();
            asked.forEach(
                    id -> next.addAll(listing.answered(id, summary(id, name)).conversations()));
            asked = next;
        }
        return slices;
    }

    @Test
    void an_empty_page_is_complete_at_once() {
        Listing listing = listing(PLENTY);
        assertThat(listing.isComplete()).isFalse();

        assertThat(listing.listed(listed(0, false)).conversations()).isEmpty();

        assertThat(listing.isComplete()).isTrue();
        assertThat(listing.reply())
                .isEqualTo(
                        Reply.newBuilder().setRequestId("r1").setUnreadTotal(0).build());
    }

    @Test
    void parts_come_in_any_order_and_stand_in_that_of_the_page() {
        Listing listing = listing(PLENTY);

        List<Integer> slices = answerAll(listing, listing.listed(listed(1000, true)), "");

        assertThat(slices).as("ever more at once").containsExactly(50, 200, 750);
        assertThat(listing.isComplete()).isTrue();
        assertThat(ids(listing.reply())).isEqualTo(ids(1000));
        assertThat(listing.reply().getUnreadTotal()).isEqualTo(1000);
        assertThat(listing.reply().getNext()).isEqualTo(ids(1000).get(999));
    }

    @Test
    void the_last_page_has_no_next() {
        Listing listing = listing(PLENTY);
        answerAll(listing, listing.listed(listed(60, false)), "");

        assertThat(ids(listing.reply())).isEqualTo(ids(60));
        assertThat(listing.reply().getNext()).isEmpty();
    }

    @Test
    void a_muted_conversation_says_until_when() {
        Listing listing = listing(PLENTY);
        Listed page = listed(3, false).toBuilder()
                .addMuted(Muted.newBuilder().setConversation(ids(3).get(1)).setUntilMillis(-1))
                .addMuted(Muted.newBuilder()
                        .setConversation(ids(3).get(2))
                        .setUntilMillis(1_700_000_000_000L)
                        .setExceptMentions(true))
                .build();
        answerAll(listing, listing.listed(page), "");

        List<ConversationSummary> shown = listing.reply().getConversationsList();
        assertThat(shown.get(0).hasMutedUntil()).isFalse();
        assertThat(Timestamps.toString(shown.get(1).getMutedUntil())).isEqualTo("9999-12-31T23:59:59Z");
        assertThat(shown.get(1).getExceptMentions()).isFalse();
        assertThat(Timestamps.toString(shown.get(2).getMutedUntil())).isEqualTo("2023-11-14T22:13:20Z");
        assertThat(shown.get(2).getExceptMentions()).isTrue();
    }

    @Test
    void where_the_user_is_no_member_is_left_out() {
        Listing listing = listing(PLENTY);
        listing.listed(listed(3, false));

        listing.answered(ids(3).get(1), Summary.getDefaultInstance());
        listing.answered(ids(3).get(0), summary(ids(3).get(0)));
        assertThat(listing.isComplete()).isFalse();
        listing.answered(ids(3).get(2), summary(ids(3).get(2)));

        assertThat(listing.isComplete()).isTrue();
        assertThat(ids(listing.reply())).containsExactly(ids(3).get(0), ids(3).get(2));
    }

    @Test
    void what_was_not_asked_or_answers_again_is_not_counted() {
        Listing listing = listing(PLENTY);
        listing.listed(listed(2, false));

        listing.answered("gstranger00000", summary("gstranger00000"));
        listing.answered(ids(2).get(0), summary(ids(2).get(0)));
        listing.answered(ids(2).get(0), summary(ids(2).get(0)));
        assertThat(listing.listed(listed(5, false)).conversations()).isEmpty();
        assertThat(listing.isComplete()).isFalse();

        listing.answered(ids(2).get(1), summary(ids(2).get(1)));
        assertThat(ids(listing.reply())).isEqualTo(ids(2));
    }

    @Test
    void what_does_not_fit_is_on_the_next_page() {
        String name = "n".repeat(200);
        int one = new ListingRequest("r", ListConversations.getDefaultInstance(), WireFormat.JSON, 1)
                .size(summary(ids(1).get(0), name).getSummary());
        Listing listing = listing(7 * one + one / 2);

        List<Integer> slices = answerAll(listing, listing.listed(listed(500, false)), name);

        assertThat(slices).as("nothing more is asked").containsExactly(50);
        assertThat(listing.isComplete()).isTrue();
        assertThat(ids(listing.reply())).isEqualTo(ids(7));
        assertThat(listing.reply().getNext()).isEqualTo(ids(7).get(6));
        assertThat(listing.reply().getUnreadTotal())
                .as("what does not fit is unread, too")
                .isEqualTo(500);
    }

    @Test
    void what_is_unread_elsewhere_counts_and_who_alone_knows_it_is_asked_when_the_page_is_there() {
        Listing listing = listing(PLENTY);
        Listing.Asking page = listing.listed(listed(2, true).toBuilder()
                .setUnreadElsewhere(10)
                .addUncertain("gelsewhere0001")
                .addUncertain("gelsewhere0002")
                .build());
        assertThat(page).isEqualTo(new Listing.Asking(ids(2), false));

        listing.answered("gelsewhere0001", summary("gelsewhere0001"));
        listing.answered(ids(2).get(0), summary(ids(2).get(0)));
        Listing.Asking elsewhere = listing.answered(ids(2).get(1), summary(ids(2).get(1)));
        assertThat(elsewhere).isEqualTo(new Listing.Asking(List.of("gelsewhere0001", "gelsewhere0002"), true));
        assertThat(listing.isComplete()).isFalse();

        listing.answered("gelsewhere0001", summary("gelsewhere0001"));
        listing.answered("gelsewhere0001", summary("gelsewhere0001"));
        // The user left it.
        listing.answered("gelsewhere0002", Summary.getDefaultInstance());

        assertThat(listing.isComplete()).isTrue();
        assertThat(ids(listing.reply())).isEqualTo(ids(2));
        assertThat(listing.reply().getUnreadTotal()).isEqualTo(13);
    }

    @Test
    void of_what_a_page_has_no_room_for_only_what_is_unread_is_asked_and_only_where_nobody_else_knows_it() {
        String name = "n".repeat(200);
        Listing listing = listing(500);
        listing.listed(Listed.newBuilder()
                .addAllConversations(ids(5))
                .addAllUnread(List.of(2, 2, 0, 0, 8))
                .build());

        listing.answered(ids(5).get(2), summary(ids(5).get(2), name));
        listing.answered(ids(5).get(1), summary(ids(5).get(1), name));
        Listing.Asking rest = listing.answered(ids(5).get(0), summary(ids(5).get(0), name));
        assertThat(rest)
                .as("the third has answered, and the fifth told it before")
                .isEqualTo(new Listing.Asking(List.of(ids(5).get(3)), true));
        // What was asked for its summary before answers, and then to what it was asked now.
        listing.answered(ids(5).get(3), summary(ids(5).get(3), name));
        listing.answered(ids(5).get(3), summary(ids(5).get(3)));

        assertThat(listing.isComplete()).isTrue();
        assertThat(ids(listing.reply())).isEqualTo(ids(2));
        assertThat(listing.reply().getUnreadTotal()).isEqualTo(1 + 1 + 1 + 1 + 7);
    }

    @Test
    void two_thousand_who_alone_know_what_is_unread_are_asked_slice_by_slice() {
        List<String> uncertain = IntStream.range(1000, 2000)
                .mapToObj(i -> String.format("g%012d", i))
                .toList();
        Listing listing = listing(PLENTY);

        List<Integer> slices = answerAll(
                listing,
                listing.listed(listed(1000, true).toBuilder()
                        .addAllUncertain(uncertain)
                        .build()),
                "");

        assertThat(slices).containsExactly(50, 200, 750, 1000);
        assertThat(listing.reply().getUnreadTotal()).isEqualTo(2000);
    }

    @Test
    void a_page_that_is_full_waits_for_nothing_behind_it() {
        String name = "n".repeat(200);
        Listing listing = listing(500);
        listing.listed(listed(5, false));

        listing.answered(ids(5).get(0), summary(ids(5).get(0), name));
        listing.answered(ids(5).get(2), summary(ids(5).get(2), name));
        assertThat(listing.isComplete()).isFalse();
        listing.answered(ids(5).get(1), summary(ids(5).get(1), name));

        assertThat(listing.isComplete()).isTrue();
        assertThat(ids(listing.reply())).isEqualTo(ids(2));
        assertThat(listing.reply().getNext()).isEqualTo(ids(5).get(1));
    }

    @Test
    void a_conversation_that_is_larger_than_a_page_is_one() {
        Listing listing = listing(10);
        answerAll(listing, listing.listed(listed(3, false)), "");

        assertThat(ids(listing.reply())).isEqualTo(ids(1));
        assertThat(listing.reply().getNext()).isEqualTo(ids(1).get(0));
    }
}
