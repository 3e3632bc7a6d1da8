package io.parley.gateway.delivering;

import static io.parley.gateway.delivering.DeliveryBench.addressed;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.subscribing.Permission;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.AttachingAll;
import io.parley.protocol.log.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A clean start is answered when nothing that is sequenced from then on can be skipped. */
final class CleanStartTest {
    private static final ConversationId ONE = ConversationId.parse("ann~ben");
    private static final ConversationId TWO = ConversationId.parse("ann~cid");

    private final DeliveryBench bench = new DeliveryBench();
    private final RecordedLink link = new RecordedLink("ann/phone", 3);
    private final DeviceSession session = bench.connect(link, true);
    private final List<Permission> told = new ArrayList<>();

    @Test
    void a_wildcard_is_granted_when_each_conversation_has_answered() {
        bench.subscribe(session, "chat/+/msg", 1, told::add);
        attaching(ONE, TWO);
        bench.answerWildcard(session, ONE, 5, 5);
        assertThat(told).isEmpty();

        bench.answerWildcard(session, TWO, 7, 7);

        assertThat(told).containsExactly(Permission.GRANTED);
    }

    @Test
    void a_second_wildcard_waits_with_the_first() {
        bench.subscribe(session, "chat/+/msg", 1, told::add);
        bench.subscribe(session, "chat/#", 1, told::add);
        assertThat(told).isEmpty();

        attaching();

        assertThat(told).containsExactly(Permission.GRANTED, Permission.GRANTED);
        bench.subscribe(session, "chat/+/#", 1, told::add);
        assertThat(told).as("nothing is to be waited for").hasSize(3);
    }

    @Test
    void a_list_in_parts_is_waited_for_until_its_last() {
        bench.subscribe(session, "chat/+/msg", 1, told::add);
        part(true, ONE);
        bench.answerWildcard(session, ONE, 5, 5);
        assertThat(told).isEmpty();

        part(false, TWO);
        assertThat(told).isEmpty();
        bench.answerWildcard(session, TWO, 7, 7);

        assertThat(told).containsExactly(Permission.GRANTED);
    }

    @Test
    void half_a_minute_is_waited_for_an_answer() {
        bench.subscribe(session, "chat/+/msg", 1, told::add);
        attaching(ONE);

        bench.shard.pass(TimeUnit.SECONDS.toMillis(30) - 1);
        assertThat(told).isEmpty();
        bench.shard.pass(1);

        assertThat(told).containsExactly(Permission.GRANTED);
    }

    @Test
    void who_goes_on_at_a_cursor_waits_for_nothing() {
        bench.subscribe(bench.connect(new RecordedLink("ann/tablet", 3)), "chat/+/msg", 1, told::add);

        assertThat(told).containsExactly(Permission.GRANTED);
    }

    private void attaching(ConversationId... conversations) {
        part(false, conversations);
    }

    private void part(boolean more, ConversationId... conversations) {
        AttachingAll.Builder all =
                AttachingAll.newBuilder().setConnection(session.connection()).setMore(more);
        for (ConversationId conversation : conversations) {
            all.addConversations(conversation.value());
        }
        bench.deliver(addressed("ann", Delivery.newBuilder().setAttachingAll(all)));
    }
}
