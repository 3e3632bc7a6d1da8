package io.parley.delivery;

import static io.parley.delivery.DeliveryBench.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ForgetDevice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a connection gets follows from the filters that stand. */
final class FiltersTest {
    private static final ConversationId GROUP = ConversationId.parse("g0123456789ab");
    private static final String NAMED = "chat/" + GROUP + "/msg";

    private final DeliveryBench bench = new DeliveryBench();
    private final RecordedLink link = new RecordedLink("ann/phone", 10);
    private final DeviceSession session = bench.connect(link);

    @Test
    void a_named_subscription_outlives_the_wildcard() {
        wildcard("chat/+/msg", 1);
        subscribe(session, NAMED, 1, permission -> {});

        assertThat(session.subscriptions().unsubscribe("chat/+/msg")).isTrue();
        bench.live(GROUP, 1, 1);

        assertThat(link.seqs()).containsExactly(1);
    }

    @Test
    void a_wildcard_outlives_what_it_covers() {
        wildcard("chat/#", 1);
        subscribe(session, NAMED, 1, permission -> {});
        subscribe(session, "chat/+/msg", 1, permission -> {});

        session.subscriptions().unsubscribe(NAMED);
        session.subscriptions().unsubscribe("chat/+/msg");
        bench.live(GROUP, 1, 1);
        session.subscriptions().unsubscribe("chat/#");
        bench.live(GROUP, 2, 2);

        assertThat(link.seqs()).containsExactly(1);
        assertThat(bench.detached()).containsExactly(1L);
    }

    @Test
    void a_filter_that_was_not_subscribed_ends_nothing() {
        wildcard("chat/#", 1);

        assertThat(session.subscriptions().unsubscribe(NAMED)).isFalse();
        assertThat(session.subscriptions().unsubscribe("chat/+/#"))
                .as("the same meaning, another filter")
                .isFalse();
        bench.live(GROUP, 1, 1);

        assertThat(link.seqs()).containsExactly(1);
    }

    @Test
    void the_greatest_qos_counts_and_a_filter_may_change_its_own() {
        wildcard("chat/+/msg", 1);
        subscribe(session, NAMED, 0, permission -> {});
        bench.live(GROUP, 1, 1);
        subscribe(session, "chat/+/msg", 0, permission -> {});
        bench.live(GROUP, 2, 2);
        subscribe(session, NAMED, 1, permission -> {});
        bench.live(GROUP, 3, 3);

        assertThat(link.frames).extracting(frame -> frame.packetId() > 0).containsExactly(true, false, true);
    }

    @Test
    void a_subscription_that_ended_before_its_answer_stays_ended() {
        subscribe(session, NAMED, 1, permission -> {});
        session.subscriptions().unsubscribe(NAMED);

        bench.answer(session, GROUP, 0, 0);
        bench.live(GROUP, 1, 1);

        assertThat(link.frames).isEmpty();
        assertThat(bench.detached()).containsExactly(1L);
    }

    @Test
    void a_subscription_that_ended_and_came_again_before_its_answer_stands() {
        List<Permission> told = new ArrayList<>();
        subscribe(session, NAMED, 1, told::add);
        session.subscriptions().unsubscribe(NAMED);
        subscribe(session, NAMED, 1, told::add);

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
    void the_engine_is_to_forget_where_a_device_stands_that_is_one_too_many() {
        bench.attach(session, GROUP, 1, 0, 0);

        session.close(DeviceLink.CloseReason.TOO_MANY_DEVICES);

        assertThat(bench.commands.get(bench.commands.size() - 1).getForgetDevice())
                .isEqualTo(ForgetDevice.newBuilder()
                        .setUser("ann")
                        .setDevice("phone")
                        .build());
        assertThat(link.closed).isEqualTo(DeviceLink.CloseReason.TOO_MANY_DEVICES);
    }

    @Test
    void who_is_added_again_while_behind_goes_on_from_there() {
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

        assertThat(link.seqs()).containsExactly(5, 6);
        assertThat(bench.node.behind()).isZero();
        session.disconnected();
        assertThat(bench.detached()).containsExactly(1L);
    }

    @Test
    void who_was_removed_while_behind_is_asked_about_when_subscribing_again() {
        List<Permission> told = new ArrayList<>();
        bench.attach(session, GROUP, 1, 0, 0);
        link.writable = false;
        bench.live(GROUP, 1, 2);
        bench.removal(GROUP, 3, UserId.parse("ann"));

        subscribe(session, NAMED, 1, told::add);
        assertThat(told).isEmpty();
        bench.deny(session, GROUP);

        assertThat(told).containsExactly(Permission.DENIED);
    }

    @Test
    void a_connection_names_only_so_many_conversations() {
        List<Permission> told = new ArrayList<>();
        for (int i = 0; i < Filters.MAX_NAMED; i++) {
            subscribe(session, "chat/@user" + i + "/msg", 1, permission -> {});
        }

        subscribe(session, "chat/@one-more/msg", 1, told::add);
        assertThat(told).containsExactly(Permission.TOO_MANY);
        session.subscriptions().unsubscribe("chat/@user7/msg");
        subscribe(session, "chat/@one-more/msg", 1, told::add);

        assertThat(told).containsExactly(Permission.TOO_MANY);
    }

    private void wildcard(String filter, int qos) {
        subscribe(session, filter, qos, permission -> {});
        bench.answerWildcard(session, GROUP, 0, 0);
    }
}
