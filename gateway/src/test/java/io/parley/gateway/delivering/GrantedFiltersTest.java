package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.subscribing.Filter;
import io.parley.gateway.subscribing.Permission;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Filters stand when the log has them. */
final class GrantedFiltersTest {
    private final DeliveryBench bench = new DeliveryBench();
    private final RecordedLink link = new RecordedLink("ann/phone", 3);
    private final DeviceSession session = bench.connect(link);

    @Test
    void filters_are_granted_when_the_log_has_them() {
        List<Permission> told = new ArrayList<>();
        bench.holdLog();
        bench.subscribe(session, "user/ann/reply", 1, told::add);
        assertThat(bench.recorded()).containsExactly("user/ann/reply");
        assertThat(told).isEmpty();

        bench.releaseLog();

        assertThat(told).containsExactly(Permission.GRANTED);
    }

    @Test
    void filters_that_the_log_does_not_take_are_not_granted_and_the_connection_ends() {
        List<Permission> told = new ArrayList<>();
        bench.logIsOut = true;

        bench.subscribe(session, "user/ann/reply", 1, told::add);

        assertThat(told).containsExactly(Permission.UNKNOWN);
        assertThat(session.subscriptions().replies()).isEmpty();
        assertThat(link.closed).isEqualTo(DeviceLink.CloseReason.LOG_UNREACHABLE);
    }

    @Test
    void the_filters_of_one_packet_are_one_command_of_those_that_are_granted() {
        List<Permission> told = new ArrayList<>();
        List<Filter> wanted = Stream.of("user/ann/reply", "chat/bob~cid/msg", "chat/#", "user/ben/reply")
                .map(text -> Filter.of(DeliveryBench.options(text, 1).build(), UserId.parse("ann")))
                .toList();

        session.subscriptions().subscribe(wanted, told::addAll);
        bench.shard.run();

        assertThat(told).containsExactly(Permission.GRANTED, Permission.DENIED, Permission.GRANTED, Permission.DENIED);
        assertThat(bench.recorded()).containsExactly("user/ann/reply", "chat/#");
        assertThat(bench.userCommands
                        .get(bench.userCommands.size() - 1)
                        .getSubscribe()
                        .getAttachAll())
                .isTrue();
    }

    @Test
    void a_filter_that_ended_before_it_was_granted_does_not_come_into_the_log() {
        String group = "chat/g0123456789ab/msg";
        bench.subscribe(session, group, 1, permission -> {});
        bench.unsubscribe(session, group);

        bench.answer(session, ConversationId.parse("g0123456789ab"), 0, 0);
        bench.subscribe(session, "user/ann/reply", 1, permission -> {});

        assertThat(bench.recorded()).containsExactly("user/ann/reply");
    }
}
