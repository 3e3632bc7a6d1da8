package io.parley.history.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.history.polling.Reader.Ending;
import io.parley.history.polling.TestNode.Call;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.log.UserCommand;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What comes to a device that polls, and what its cursors mean. */
final class PollsTest {
    private static final ConversationId CONVERSATION = ConversationId.parse("ann~ben");
    private static final ConversationId OTHER = ConversationId.parse("ann~cid");
    private static final DeviceId WEB = DeviceId.parse("ann/web");

    private final TestNode first = new TestNode();

    /** A poll of a device that had everything up to seq 1. */
    private Call opened(TestNode node, Map<ConversationId, Integer> has) {
        Call call = node.poll(WEB, has);
        node.open(true);
        return call;
    }

    private Map<ConversationId, Integer> read(Call call) {
        return first.seal.read(WEB, call.cursors.get(call.cursors.size() - 1)).orElseThrow();
    }

    @Test
    void a_new_device_subscribes_to_everything() {
        first.poll(WEB, Map.of());
        first.open(false);

        UserCommand subscribe = first.toUsers.get(first.toUsers.size() - 1);
        assertThat(subscribe.getSubscribe().getSubscriptionsList())
                .extracting(filter -> filter.getFilter() + " " + filter.getQos())
                .containsExactly("chat/# 1", "user/ann/reply 1");
        assertThat(subscribe.getSubscribe().getAttachAll()).isTrue();
    }

    @Test
    void what_comes_answers_the_call_that_waits_and_coming_with_its_cursor_acknowledges_it() {
        Call call = opened(first, Map.of());
        first.attach(CONVERSATION, 0, 0);
        first.event(CONVERSATION, 1);
        assertThat(call.payloads).singleElement().asString().contains("\"text\":\"m1\"");
        first.loop.pass(2_000);
        assertThat(first.acknowledged()).as("handed, not acknowledged").isZero();

        Call next = first.poll(WEB, read(call));
        first.loop.pass(2_000);
        assertThat(first.acknowledged()).isEqualTo(1);
        first.event(CONVERSATION, 2);

        assertThat(next.payloads).singleElement().asString().contains("\"text\":\"m2\"");
    }

    @Test
    void what_came_between_two_calls_waits_for_the_next() {
        Call call = opened(first, Map.of());
        first.attach(CONVERSATION, 0, 0);
        first.event(CONVERSATION, 1);
        first.event(CONVERSATION, 2);
        first.event(CONVERSATION, 3);

        Call next = first.poll(WEB, read(call));

        assertThat(call.payloads).hasSize(1);
        assertThat(next.payloads).hasSize(2);
        assertThat(read(next)).containsEntry(CONVERSATION, 3);
    }

    @Test
    void an_answer_that_did_not_arrive_is_sent_again_by_a_new_connection_of_the_session() {
        opened(first, Map.of());
        first.attach(CONVERSATION, 0, 0);
        first.event(CONVERSATION, 1);
        long before = first.asking().getConnection();

        Call again = opened(first, Map.of());
        assertThat(first.asking().getConnection()).isNotEqualTo(before);
        first.attach(CONVERSATION, 0, 1);

        assertThat(again.payloads).singleElement().asString().contains("\"text\":\"m1\"");
    }

    @Test
    void a_cursor_is_good_at_another_process_that_knows_of_no_acknowledgement() {
        Call call = opened(first, Map.of());
        first.attach(CONVERSATION, 0, 0);
        first.event(CONVERSATION, 1);

        TestNode second = new TestNode();
        Call elsewhere = opened(second, read(call));
        second.attach(CONVERSATION, 0, 1);
        second.event(CONVERSATION, 2);

        assertThat(elsewhere.payloads).singleElement().asString().contains("\"text\":\"m2\"");
        second.loop.pass(2_000);
        assertThat(second.acknowledged()).as("what was claimed").isEqualTo(1);
    }

    @Test
    void a_cursor_never_claims_more_than_there_is() {
        TestNode second = new TestNode();
        Call elsewhere = opened(second, Map.of(CONVERSATION, 9));
        second.attach(CONVERSATION, 0, 3);
        second.event(CONVERSATION, 4);

        assertThat(elsewhere.payloads).singleElement().asString().contains("\"text\":\"m4\"");
        second.loop.pass(2_000);
        assertThat(second.acknowledged()).isEqualTo(3);
    }

    @Test
    void the_next_cursor_says_again_what_was_acknowledged_a_moment_ago() {
        Call call = opened(first, Map.of());
        first.attach(CONVERSATION, 0, 0);
        first.attach(OTHER, 0, 0);
        first.event(CONVERSATION, 1);
        Call next = first.poll(WEB, read(call));
        first.event(OTHER, 1);
        assertThat(read(next)).containsEntry(CONVERSATION, 1).containsEntry(OTHER, 1);

        Call last = first.poll(WEB, read(next));
        first.loop.pass(11_000);
        first.event(OTHER, 2);

        assertThat(read(last)).doesNotContainKey(CONVERSATION).containsEntry(OTHER, 2);
    }

    @Test
    void no_more_than_a_hundred_messages_are_handed_before_the_device_acknowledges() {
        Call call = opened(first, Map.of());
        first.attach(CONVERSATION, 0, 0);
        first.event(CONVERSATION, 1);
        for (int seq = 2; seq <= 250; seq++) {
            first.event(CONVERSATION, seq);
        }
        Call next = first.poll(WEB, read(call));
        Call last = first.poll(WEB, read(next));

        assertThat(next.payloads.size()).isLessThanOrEqualTo(100);
        assertThat(last.payloads.get(0)).contains("\"text\":\"m" + (2 + next.payloads.size()) + "\"");
    }

    @Test
    void a_newer_call_ends_the_one_before() {
        Call before = opened(first, Map.of());
        Call after = first.poll(WEB, Map.of());

        assertThat(before.ended).isEqualTo(Ending.REPLACED);
        assertThat(after.ended).isNull();
    }

    @Test
    void a_device_stays_connected_for_its_lease_and_not_longer() {
        Call call = opened(first, Map.of());
        first.attach(CONVERSATION, 0, 0);
        first.loop.pass(120_000);
        assertThat(first.polls.connected()).as("a call waits").isOne();
        first.event(CONVERSATION, 1);
        assertThat(call.payloads).hasSize(1);

        first.loop.pass(59_000);
        assertThat(first.toUsers).noneMatch(UserCommand::hasDeviceDisconnected);
        first.loop.pass(2_000);

        assertThat(first.toUsers.get(first.toUsers.size() - 1).hasDeviceDisconnected())
                .isTrue();
        assertThat(first.polls.connected()).isZero();
    }

    @Test
    void so_many_devices_are_connected_and_no_more() {
        first.poll(WEB, Map.of());
        first.poll(DeviceId.parse("ann/tab"), Map.of());

        assertThat(first.poll(DeviceId.parse("ann/desk"), Map.of()).ended).isEqualTo(Ending.FULL);
    }

    @Test
    void each_event_of_a_stream_has_its_cursor_and_the_stream_ends_for_the_device_to_acknowledge() {
        Call stream = first.call(WEB, Map.of(), new Call(true));
        first.open(true);
        first.attach(CONVERSATION, 0, 0);
        first.loop.pass(60_000);
        assertThat(stream.ended).as("nothing to acknowledge").isNull();
        first.event(CONVERSATION, 1);
        first.event(CONVERSATION, 2);

        assertThat(stream.cursors).hasSize(2);
        assertThat(first.seal.read(WEB, stream.cursors.get(0)).orElseThrow()).containsEntry(CONVERSATION, 1);
        assertThat(stream.ended).isNull();
        first.loop.pass(4_000);
        assertThat(stream.ended).isEqualTo(Ending.TIME);
    }
}
