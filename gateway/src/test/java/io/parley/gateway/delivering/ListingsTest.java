package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.throttling.ListingThrottle;
import io.parley.gateway.throttling.Rate;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Listed;
import io.parley.protocol.log.ReplyDelivery;
import io.parley.protocol.log.Summary;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.ListConversations;
import io.parley.protocol.wire.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a connection's pages of conversations are asked for, one after the other; the test plays the engine. */
final class ListingsTest {
    private static final int PLENTY = 512 * 1024;
    private static final int SLICE = Listing.FIRST_SLICE;

    private final DeliveryBench bench = new DeliveryBench();
    private final RecordedLink link = new RecordedLink("ann/phone", 3);
    private final DeviceSession session = bench.connect(link);
    private final List<Reply> replies = new ArrayList<>();

    private void list(String requestId, ListConversations.Builder page) {
        bench.node.list(
                session.origin(), new ListingRequest(requestId, page.build(), WireFormat.PROTO, PLENTY), replies::add);
        bench.shard.run();
    }

    private void list(String requestId) {
        list(requestId, ListConversations.newBuilder());
    }

    private void listed(String requestId, List<String> ids, boolean more) {
        bench.deliver(DeliveryBench.addressed(
                "ann",
                Delivery.newBuilder()
                        .setListed(Listed.newBuilder()
                                .setConnection(session.connection())
                                .setRequestId(requestId)
                                .addAllConversations(ids)
                                .setMore(more))));
    }

    private void answer(String requestId, String id) {
        bench.deliver(DeliveryBench.addressed(
                id,
                Delivery.newBuilder()
                        .setSummary(Summary.newBuilder()
                                .setConnection(session.connection())
                                .setRequestId(requestId)
                                .setSummary(ConversationSummary.newBuilder()
                                        .setId(id)
                                        .setUnread(1)))));
    }

    private List<UserCommand> pagesAsked() {
        return bench.userCommands.stream()
                .filter(UserCommand::hasListConversations)
                .toList();
    }

    private List<ConversationCommand> summariesAsked() {
        return bench.commands.stream().filter(ConversationCommand::hasSummarize).toList();
    }

    private static List<String> ids(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> String.format("g%012d", i))
                .toList();
    }

    private ErrorCode error() {
        assertThat(replies).hasSize(1);
        return replies.get(0).getError().getCode();
    }

    @Test
    void a_page_is_asked_of_the_user_and_then_of_each_conversation() {
        list("r1", ListConversations.newBuilder().setLimit(2).setAfter("ann~ben"));
        assertThat(pagesAsked()).singleElement().satisfies(command -> {
            assertThat(command.getOrigin()).isEqualTo(session.origin());
            assertThat(command.getRequestId()).isEqualTo("r1");
            assertThat(command.getListConversations().getLimit()).isEqualTo(2);
            assertThat(command.getListConversations().getAfter()).isEqualTo("ann~ben");
        });

        listed("r1", ids(0, 2), true);
        assertThat(summariesAsked()).hasSize(2).allSatisfy(command -> {
            assertThat(command.getOrigin()).isEqualTo(session.origin());
            assertThat(command.getRequestId()).isEqualTo("r1");
        });
        answer("r1", ids(0, 2).get(1));
        assertThat(replies).isEmpty();
        answer("r1", ids(0, 2).get(0));

        assertThat(replies).singleElement().satisfies(reply -> {
            assertThat(reply.getRequestId()).isEqualTo("r1");
            assertThat(reply.getConversationsList())
                    .extracting(ConversationSummary::getId)
                    .isEqualTo(ids(0, 2));
            assertThat(reply.getNext()).isEqualTo(ids(0, 2).get(1));
        });
    }

    @Test
    void ten_thousand_conversations_cost_a_command_each_and_one_for_each_page() {
        TreeSet<String> all = new TreeSet<>(ids(0, 10_000));
        List<String> got = new ArrayList<>();
        String after = "";
        int pages = 0;
        do {
            String requestId = "r" + ++pages;
            replies.clear();
            list(requestId, ListConversations.newBuilder().setAfter(after));
            List<String> page = all.tailSet(after, false).stream().limit(1000).toList();
            listed(requestId, page, !page.contains(all.last()));
            int answered = 0;
            while (replies.isEmpty()) {
                int asked = bench.commands.size() - got.size();
                page.subList(answered, asked).forEach(id -> answer(requestId, id));
                answered = asked;
            }
            replies.get(0).getConversationsList().forEach(summary -> got.add(summary.getId()));
            after = replies.get(0).getNext();
        } while (!after.isEmpty());

        assertThat(got).isEqualTo(List.copyOf(all));
        assertThat(pages).isEqualTo(10);
        assertThat(pagesAsked()).hasSize(10);
        assertThat(summariesAsked()).hasSize(10_000);
    }

    @Test
    void the_next_slice_is_asked_when_the_one_before_has_answered() {
        list("r1");
        listed("r1", ids(0, 60), false);
        assertThat(summariesAsked()).hasSize(SLICE);

        ids(0, SLICE - 1).forEach(id -> answer("r1", id));
        assertThat(summariesAsked()).hasSize(SLICE);
        answer("r1", ids(0, SLICE).get(SLICE - 1));
        assertThat(summariesAsked()).hasSize(60);
    }

    @Test
    void who_alone_knows_what_is_unread_elsewhere_is_asked_only_that() {
        list("r1");
        bench.deliver(DeliveryBench.addressed(
                "ann",
                Delivery.newBuilder()
                        .setListed(Listed.newBuilder()
                                .setConnection(session.connection())
                                .setRequestId("r1")
                                .setMore(true)
                                .addAllConversations(ids(0, 1))
                                .addUnread(0)
                                .setUnreadElsewhere(5)
                                .addAllUncertain(ids(1, 1)))));
        answer("r1", ids(0, 1).get(0));
        assertThat(replies).isEmpty();
        answer("r1", ids(1, 1).get(0));

        assertThat(summariesAsked())
                .extracting(command -> command.getSummarize().getUnreadOnly())
                .containsExactly(false, true);
        assertThat(replies).singleElement().satisfies(reply -> {
            assertThat(reply.getConversationsCount()).isEqualTo(1);
            assertThat(reply.getUnreadTotal()).isEqualTo(7);
        });
    }

    @Test
    void a_second_listing_waits_for_the_first() {
        list("r1");
        list("r2");
        assertThat(pagesAsked()).hasSize(1);
        listed("r2", ids(0, 1), false);
        assertThat(summariesAsked()).as("not asked yet").isEmpty();

        listed("r1", ids(0, 1), false);
        answer("r1", ids(0, 1).get(0));
        assertThat(replies).extracting(Reply::getRequestId).containsExactly("r1");
        assertThat(pagesAsked()).hasSize(2);
        listed("r2", List.of(), false);

        assertThat(replies).extracting(Reply::getRequestId).containsExactly("r1", "r2");
    }

    @Test
    void a_lost_answer_ends_the_listing_and_the_next_begins() {
        list("r1");
        list("r2");
        listed("r1", ids(0, 2), false);
        answer("r1", ids(0, 2).get(0));
        bench.shard.pass(TimeUnit.SECONDS.toMillis(Listings.LIMIT_SECONDS) - 1);
        assertThat(replies).isEmpty();

        bench.shard.pass(1);
        assertThat(error()).isEqualTo(ErrorCode.UNAVAILABLE);
        answer("r1", ids(0, 2).get(1));
        listed("r2", List.of(), false);

        assertThat(replies).extracting(Reply::getRequestId).containsExactly("r1", "r2");
        assertThat(replies.get(1).hasError()).isFalse();
        bench.shard.pass(TimeUnit.SECONDS.toMillis(2 * Listings.LIMIT_SECONDS));
        assertThat(replies).hasSize(2);
    }

    @Test
    void what_the_log_does_not_take_is_answered_at_once() {
        bench.logIsOut = true;
        list("r1");
        assertThat(error()).isEqualTo(ErrorCode.UNAVAILABLE);

        bench.logIsOut = false;
        replies.clear();
        list("r2");
        bench.logIsOut = true;
        listed("r2", ids(0, 3), false);

        assertThat(error()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(link.closed).isNull();
    }

    @Test
    void what_the_engine_cannot_carry_out_is_the_answer() {
        list("r1");
        listed("r1", ids(0, 2), false);
        bench.deliver(DeliveryBench.addressed(
                "ann",
                Delivery.newBuilder()
                        .setReply(ReplyDelivery.newBuilder()
                                .setUser("ann")
                                .setConnection(session.connection())
                                .setReply(Reply.newBuilder()
                                        .setRequestId("r1")
                                        .setError(Error.newBuilder().setCode(ErrorCode.INTERNAL))))));

        assertThat(error()).isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    void nothing_is_asked_or_answered_when_the_connection_has_ended() {
        list("r1");
        list("r2");
        listed("r1", ids(0, 60), false);
        int asked = bench.commands.size();

        session.disconnected(OptionalLong.empty());
        ids(0, 60).forEach(id -> answer("r1", id));
        bench.shard.pass(TimeUnit.SECONDS.toMillis(2 * Listings.LIMIT_SECONDS));
        list("r3");

        assertThat(replies).isEmpty();
        assertThat(pagesAsked()).hasSize(1);
        assertThat(summariesAsked()).hasSize(SLICE);
        assertThat(asked).isEqualTo(SLICE);
    }

    /** As many pages as the bucket holds begin at once, on whichever connection; what they did not ask comes back. */
    @Test
    void a_page_waits_when_the_users_lists_ask_too_much() {
        ListingThrottle throttle = new ListingThrottle(new Rate(2L * Listings.MOST_ASKED, Duration.ofDays(1)));
        Shard shard = new Shard(bench.shard, new CursorReports(bench), bench.node.routes());
        Listings one = new Listings(session, bench, shard, throttle);
        Listings other = new Listings(session, bench, shard, throttle);
        Listings third = new Listings(session, bench, shard, throttle);
        one.list(request("r1"), replies::add);
        other.list(request("r2"), replies::add);
        third.list(request("r3"), replies::add);
        bench.shard.run();
        assertThat(pagesAsked()).extracting(UserCommand::getRequestId).containsExactly("r1", "r2");

        one.listed(Listed.newBuilder().setRequestId("r1").build());
        assertThat(replies).hasSize(1);
        one.list(request("r4"), replies::add);
        bench.shard.run();

        assertThat(pagesAsked())
                .as("an empty page gave all of its price back")
                .extracting(UserCommand::getRequestId)
                .containsExactly("r1", "r2", "r4");
    }

    private static ListingRequest request(String id) {
        return new ListingRequest(id, ListConversations.getDefaultInstance(), WireFormat.PROTO, PLENTY);
    }
}
