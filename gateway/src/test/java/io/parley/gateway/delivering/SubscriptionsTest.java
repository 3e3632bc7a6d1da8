package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.subscribing.Address;
import io.parley.gateway.subscribing.Filter;
import io.parley.gateway.subscribing.Filters;
import io.parley.gateway.subscribing.Permission;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.SubscribeFilter;
import io.parley.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a connection gets follows from the filters that stand. */
final class SubscriptionsTest {
    private static final ConversationId GROUP = ConversationId.parse("g0123456789ab");
    private static final String NAMED = "chat/" + GROUP + "/msg";

    private final DeliveryBench bench = new DeliveryBench();
    private final RecordedLink link = new RecordedLink("ann/phone", 10);
    private final DeviceSession session = bench.connect(link);

    @Test
    void a_named_subscription_outlives_the_wildcard() {
        wildcard("chat/+/msg", 1);
        bench.subscribe(session, NAMED, 1, permission -> {});

        assertThat(bench.unsubscribe(session, "chat/+/msg")).isTrue();
        bench.live(GROUP, 1, 1);

        assertThat(link.seqs()).containsExactly(1);
    }

    @Test
    void a_wildcard_outlives_what_it_covers() {
        wildcard("chat/#", 1);
        bench.subscribe(session, NAMED, 1, permission -> {});
        bench.subscribe(session, "chat/+/msg", 1, permission -> {});

        bench.unsubscribe(session, NAMED);
        bench.unsubscribe(session, "chat/+/msg");
        bench.live(GROUP, 1, 1);
        bench.unsubscribe(session, "chat/#");
        bench.live(GROUP, 2, 2);

        assertThat(link.seqs()).containsExactly(1);
        assertThat(bench.detached()).containsExactly(1L);
    }

    @Test
    void a_filter_that_was_not_subscribed_ends_nothing() {
        wildcard("chat/#", 1);

        assertThat(bench.unsubscribe(session, NAMED)).isFalse();
        assertThat(bench.unsubscribe(session, "chat/+/#"))
                .as("the same meaning, another filter")
                .isFalse();
        bench.live(GROUP, 1, 1);

        assertThat(link.seqs()).containsExactly(1);
    }

    @Test
    void the_greatest_qos_counts_and_a_filter_may_change_its_own() {
        wildcard("chat/+/msg", 1);
        bench.subscribe(session, NAMED, 0, permission -> {});
        bench.live(GROUP, 1, 1);
        bench.subscribe(session, "chat/+/msg", 0, permission -> {});
        bench.live(GROUP, 2, 2);
        bench.subscribe(session, NAMED, 1, permission -> {});
        bench.live(GROUP, 3, 3);

        assertThat(link.frames).extracting(Frame::qos).containsExactly(1, 0, 1);
    }

    @Test
    void a_subscription_that_ended_before_its_answer_stays_ended() {
        bench.subscribe(session, NAMED, 1, permission -> {});
        bench.unsubscribe(session, NAMED);

        bench.answer(session, GROUP, 0, 0);
        bench.live(GROUP, 1, 1);

        assertThat(link.frames).isEmpty();
        assertThat(bench.detached()).containsExactly(1L);
    }

    @Test
    void a_subscription_that_ended_and_came_again_before_its_answer_stands() {
        List<Permission> told = new ArrayList<>();
        bench.subscribe(session, NAMED, 1, told::add);
        bench.unsubscribe(session, NAMED);
        bench.subscribe(session, NAMED, 1, told::add);

        bench.answer(session, GROUP, 0, 0);
        bench.live(GROUP, 1, 1);

        assertThat(told).containsExactly(Permission.GRANTED, Permission.GRANTED);
        assertThat(link.seqs()).containsExactly(1);
    }

    @Test
    void who_is_no_member_any_more_gets_nothing_and_the_route_is_closed() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.deny(session, GROUP);
        bench.live(GROUP, 1, 1);

        assertThat(link.frames).isEmpty();
        assertThat(bench.detached()).containsExactly(1L);
    }

    @Test
    void who_is_added_again_while_behind_gets_what_is_owed_and_goes_on_from_there() {
        wildcard("chat/+/msg", 1);
        link.writable = false;
        bench.live(GROUP, 1, 2);
        bench.removal(GROUP, 3, UserId.parse("ann"));
        bench.live(GROUP, 4, 4);
        bench.answerWildcard(session, GROUP, 4, 4);
        bench.live(GROUP, 5, 5);

        link.writable = true;
        session.writable();
        bench.live(GROUP, 6, 6);

        assertThat(link.seqs()).containsExactly(1, 2, 3, 5, 6);
        assertThat(bench.node.behind()).isZero();
        session.disconnected(OptionalLong.empty());
        bench.live(GROUP, 7, 7);
        assertThat(bench.detached()).containsExactly(1L);
    }

    @Test
    void who_was_removed_while_behind_is_asked_about_when_subscribing_again() {
        List<Permission> told = new ArrayList<>();
        bench.attach(session, GROUP, 1, 0, 0);
        link.writable = false;
        bench.live(GROUP, 1, 2);
        bench.removal(GROUP, 3, UserId.parse("ann"));

        bench.subscribe(session, NAMED, 1, told::add);
        assertThat(told).isEmpty();
        bench.deny(session, GROUP);

        assertThat(told).containsExactly(Permission.DENIED);
    }

    @Test
    void a_filter_that_no_session_keeps_for_its_length_is_refused_as_such() {
        List<Permission> told = new ArrayList<>();
        String longest = "chat/" + "\uD83D\uDE00".repeat(SubscribeFilter.MAX_LENGTH - "chat/".length());

        bench.subscribe(session, longest, 1, told::add);
        bench.subscribe(session, longest + "a", 1, told::add);

        assertThat(told).containsExactly(Permission.DENIED, Permission.TOO_LONG);
        assertThat(bench.recorded()).isEmpty();
    }

    @Test
    void a_connection_names_only_so_many_conversations() {
        List<Permission> told = new ArrayList<>();
        for (int i = 0; i < Filters.MAX_NAMED; i++) {
            bench.subscribe(session, "chat/@user" + i + "/msg", 1, permission -> {});
        }

        bench.subscribe(session, "chat/@one-more/msg", 1, told::add);
        assertThat(told).containsExactly(Permission.TOO_MANY);
        bench.unsubscribe(session, "chat/@user7/msg");
        bench.subscribe(session, "chat/@one-more/msg", 1, told::add);

        assertThat(told).containsExactly(Permission.TOO_MANY);
    }

    @Test
    void a_device_that_named_only_the_partner_is_answered_under_that_name() {
        ConversationId direct = ConversationId.parse("ann~ben");
        subscribeAndAnswer("chat/@ben/msg", 0, direct);
        bench.live(direct, 1, 1);
        bench.subscribe(session, "chat/+/msg", 1, permission -> {});
        bench.live(direct, 2, 2);
        bench.subscribe(session, "chat/ann~ben/msg", 1, permission -> {});
        bench.live(direct, 3, 3);

        assertThat(link.addresses).extracting(Address::conversation).containsExactly("@ben", "@ben", "ann~ben");
    }

    @Test
    void what_only_a_wildcard_matches_is_named_by_its_conversation() {
        ConversationId direct = ConversationId.parse("ann~ben");
        bench.subscribe(session, "chat/+/msg", 1, permission -> {});
        bench.subscribe(session, "chat/@cid/msg", 1, permission -> {});
        bench.answerWildcard(session, direct, 0, 0);

        bench.live(direct, 1, 1);

        assertThat(link.addresses).containsExactly(new Address("ann~ben", List.of()));
    }

    @Test
    void each_filter_that_matches_gives_its_identifier_once() {
        Filters filters = new Filters();
        put(filters, "chat/+/msg", 1, 7);
        put(filters, NAMED, 0, 300);
        put(filters, "chat/" + GROUP + "/+", 0, 7);
        put(filters, "chat/" + GROUP + "/receipt", 0, 9);
        put(filters, "chat/" + GROUP + "/#", 1, 0);
        put(filters, "chat/@ben/msg", 1, 5);
        put(filters, "user/ann/reply", 1, 11);

        assertThat(filters.address(GROUP, Feed.MSG).identifiers()).containsExactlyInAnyOrder(7, 300);
        assertThat(filters.address(GROUP, Feed.RECEIPT).identifiers()).containsExactlyInAnyOrder(7, 9);
        assertThat(filters.address(ConversationId.parse("ann~cid"), Feed.TYPING).identifiers())
                .isEmpty();
        assertThat(filters.replyIdentifiers()).containsExactly(11);
        assertThat(filters.qos(GROUP)).isEqualTo(1);
    }

    @Test
    void a_filter_that_is_not_granted_leaves_the_one_that_it_would_have_replaced() {
        Filters filters = new Filters();
        put(filters, NAMED, 1, 7);
        Filter refused = filter(NAMED, 0, 8);
        Filter before = filters.put(refused);

        filters.restore(refused, before);

        assertThat(filters.qos(GROUP)).isEqualTo(1);
        assertThat(filters.address(GROUP, Feed.MSG).identifiers()).containsExactly(7);
    }

    @Test
    void a_refusal_that_comes_late_leaves_the_filter_that_came_after_it() {
        Filters filters = new Filters();
        Filter refused = filter(NAMED, 0, 8);
        filters.put(refused);
        put(filters, NAMED, 1, 9);

        filters.restore(refused, null);

        assertThat(filters.address(GROUP, Feed.MSG).identifiers()).containsExactly(9);
    }

    @Test
    void what_is_subscribed_again_goes_on_where_the_connection_was_and_late_acknowledgements_count() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.live(GROUP, 1, 3);
        bench.unsubscribe(session, NAMED);
        link.frames.forEach(link::acknowledge);
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
        assertThat(bench.reported(GROUP)).endsWith(3);

        // The engine answers by what it had heard before.
        bench.subscribe(session, NAMED, 1, permission -> {});
        bench.answer(session, GROUP, 0, 3);
        bench.live(GROUP, 4, 4);
        assertThat(link.seqs()).containsExactly(1, 2, 3, 4);
    }

    private static void put(Filters filters, String text, int qos, int identifier) {
        filters.put(filter(text, qos, identifier));
    }

    private static Filter filter(String text, int qos, int identifier) {
        return Filter.of(
                DeliveryBench.options(text, qos).setIdentifier(identifier).build(), UserId.parse("ann"));
    }

    private void subscribeAndAnswer(String filter, int qos, ConversationId conversation) {
        bench.subscribe(session, filter, qos, permission -> {});
        bench.answer(session, conversation, 0, 0);
    }

    private void wildcard(String filter, int qos) {
        bench.subscribe(session, filter, qos, permission -> {});
        bench.answerWildcard(session, GROUP, 0, 0);
    }
}
