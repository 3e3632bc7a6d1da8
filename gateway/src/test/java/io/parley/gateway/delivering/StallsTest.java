package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Unacknowledged;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the engine is told that a device is connected, and acknowledges nothing. */
final class StallsTest {
    private static final ConversationId GROUP = ConversationId.parse("g0123456789ab");
    private static final ConversationId OTHER = ConversationId.parse("ann~ben");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long LONG_MILLIS = PATIENCE.toMillis() + 2 * DeliveryBench.TICK_MILLIS;

    private final DeliveryBench bench = new DeliveryBench(PATIENCE);
    private final RecordedLink link = new RecordedLink("ann/phone", 10);
    private final DeviceSession session = bench.connect(link);

    private List<Unacknowledged> told() {
        return bench.commands.stream()
                .filter(ConversationCommand::hasUnacknowledged)
                .map(ConversationCommand::getUnacknowledged)
                .toList();
    }

    @Test
    void a_device_that_acknowledges_nothing_is_told_of_once_with_the_newest_message() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.live(GROUP, 1, 2);
        bench.shard.pass(PATIENCE.toMillis() - DeliveryBench.TICK_MILLIS);
        assertThat(told()).as("it may still acknowledge").isEmpty();

        bench.shard.pass(LONG_MILLIS);
        bench.live(GROUP, 3, 3);
        bench.shard.pass(3 * LONG_MILLIS);

        assertThat(told()).hasSize(1);
        assertThat(told().get(0).getSeq()).isEqualTo(1);
        assertThat(told().get(0).getNotice().getSeq()).isEqualTo(2);
        assertThat(told().get(0).getNotice().getBody()).isEqualTo("event 2");
        assertThat(bench.commands)
                .filteredOn(ConversationCommand::hasUnacknowledged)
                .allMatch(command -> command.getOrigin().equals(session.origin()));
    }

    @Test
    void each_acknowledgement_gives_time_and_a_later_stall_is_told_again() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.live(GROUP, 1, 3);
        for (int frame = 0; frame < 2; frame++) {
            bench.shard.pass(PATIENCE.toMillis() - DeliveryBench.TICK_MILLIS);
            bench.acknowledge(link, frame);
        }
        assertThat(told()).as("it acknowledges, slowly").isEmpty();

        bench.shard.pass(LONG_MILLIS);
        bench.acknowledge(link, 2);
        bench.live(GROUP, 4, 4);
        bench.shard.pass(LONG_MILLIS);

        assertThat(told()).extracting(Unacknowledged::getSeq).containsExactly(3, 4);
    }

    @Test
    void the_wait_begins_with_what_is_sent_and_not_when_the_device_was_idle() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.live(GROUP, 1, 1);
        bench.acknowledge(link, 0);
        bench.shard.pass(10 * LONG_MILLIS);

        bench.live(GROUP, 2, 2);
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
        assertThat(told()).isEmpty();
        bench.shard.pass(LONG_MILLIS);

        assertThat(told()).extracting(Unacknowledged::getSeq).containsExactly(2);
    }

    @Test
    void each_conversation_with_something_open_is_told_and_one_without_acknowledgements_never() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.attach(session, OTHER, 0, 0, 0);
        bench.live(GROUP, 1, 1);
        bench.live(OTHER, 1, 1);

        bench.shard.pass(LONG_MILLIS);

        assertThat(told()).hasSize(1);
        assertThat(link.frames).hasSize(2);
    }

    @Test
    void without_a_patience_nothing_is_told() {
        DeliveryBench patient = new DeliveryBench(Duration.ZERO);
        RecordedLink phone = new RecordedLink("ann/phone", 10);
        DeviceSession there = patient.connect(phone);
        patient.attach(there, GROUP, 1, 0, 0);
        patient.live(GROUP, 1, 1);

        patient.shard.pass(10 * LONG_MILLIS);
        patient.acknowledge(phone, 0);
        patient.shard.pass(LONG_MILLIS);

        assertThat(patient.reported(GROUP))
                .as("what it acknowledges comes through")
                .containsExactly(1);
        assertThat(patient.commands).noneMatch(ConversationCommand::hasUnacknowledged);
    }
}
