package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.protocol.log.CloseConnection;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Presence;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A user is online from the first connection until a grace after the last, whatever becomes of the node. */
final class ConnectionLogicTest {
    private final PlayedUser ann = new PlayedUser();

    @Test
    void the_first_connection_is_told_and_the_second_is_not() {
        assertThat(ann.connected("phone", 1)).extracting(Presence::getOnline).containsExactly(true);
        assertThat(ann.connected("tablet", 2)).isEmpty();
        assertThat(ann.disconnected("phone", 1)).isEmpty();
        ann.nothingIsToldForAMinute();
    }

    @Test
    void a_device_that_connects_at_another_node_loses_its_connection_at_the_first() {
        ann.connected("phone", 1);
        Origin elsewhere = PlayedUser.origin("phone", 1).toBuilder()
                .setNode(PlayedUser.OTHER)
                .build();
        UserCommand.Builder again =
                UserCommand.newBuilder().setOrigin(elsewhere).setDeviceConnected(DeviceConnected.getDefaultInstance());
        CloseConnection taken = CloseConnection.newBuilder()
                .setUser("ann")
                .setDevice("phone")
                .setConnection(1)
                .setReason(CloseConnection.Reason.TAKEN_OVER)
                .build();

        assertThat(ann.effects("ann", again))
                .filteredOn(Effect.Deliver.class::isInstance)
                .containsExactly(new Effect.Deliver(
                        PlayedUser.NODE.getSlot(),
                        "ann",
                        Delivery.newBuilder()
                                .setClose(taken)
                                .setEpoch(PlayedUser.NODE.getEpoch())
                                .build()));
        assertThat(ann.disconnected("phone", 1)).isEmpty();
        for (int beat = 0; beat < 10; beat++) {
            ann.alive(PlayedUser.NODE);
            ann.alive(PlayedUser.OTHER);
            assertThat(ann.after(2))
                    .as("the first connection's end is not the device's")
                    .isEmpty();
        }
        assertThat(ann.effects("ann", again))
                .as("the same connection announced once more")
                .noneMatch(Effect.Deliver.class::isInstance);
    }

    @Test
    void the_last_connection_counts_until_the_grace_is_over() {
        ann.connected("phone", 1);
        long leftMillis = ann.nowMillis;
        assertThat(ann.disconnected("phone", 1)).isEmpty();
        assertThat(ann.after(9)).isEmpty();
        List<Presence> told = ann.after(1);
        assertThat(told).extracting(Presence::getOnline).containsExactly(false);
        assertThat(told.get(0).getLastSeen().getSeconds()).isEqualTo(leftMillis / 1000);
        assertThat(ann.after(60)).isEmpty();
    }

    @Test
    void who_comes_back_within_the_grace_was_never_away() {
        ann.connected("phone", 1);
        ann.disconnected("phone", 1);
        assertThat(ann.after(9)).isEmpty();
        assertThat(ann.connected("phone", 2)).isEmpty();
        ann.nothingIsToldForAMinute();
    }

    @Test
    void the_devices_of_a_silent_node_are_offline_within_thirty_seconds() {
        ann.connected("phone", 1);
        assertThat(ann.after(8)).isEmpty();
        ann.alive(PlayedUser.NODE);
        assertThat(ann.after(19)).isEmpty();
        assertThat(ann.after(2)).extracting(Presence::getOnline).containsExactly(false);
    }

    @Test
    void a_node_that_died_while_the_engine_was_down_is_missed() {
        ann.connected("phone", 1);
        ann.restart();
        assertThat(ann.after(21)).extracting(Presence::getOnline).containsExactly(false);
    }

    @Test
    void a_new_life_of_a_node_ends_the_connections_of_the_one_before() {
        ann.connected("phone", 1);
        ann.alive(PlayedUser.NODE.toBuilder().setEpoch(6).build());
        assertThat(ann.after(9)).isEmpty();
        assertThat(ann.after(1)).extracting(Presence::getOnline).containsExactly(false);
    }

    @Test
    void a_node_is_told_when_it_is_heard_for_the_first_time_and_after_it_was_taken_for_dead() {
        Node next = PlayedUser.NODE.toBuilder().setEpoch(6).build();
        assertThat(ann.heard(next)).isTrue();
        assertThat(ann.heard(next)).isFalse();
        ann.after(9);
        assertThat(ann.heard(next)).as("it was silent, but not for long").isFalse();
        ann.after(11);
        assertThat(ann.heard(next)).isTrue();
        assertThat(ann.heard(next)).isFalse();
    }

    @Test
    void a_node_taken_for_dead_that_announces_its_connections_again_shows_nothing() {
        ann.connected("phone", 1);
        assertThat(ann.after(12)).isEmpty();
        ann.alive(PlayedUser.NODE);
        assertThat(ann.connected("phone", 1)).isEmpty();
        ann.nothingIsToldForAMinute();
    }

    @Test
    void a_tick_tells_no_more_than_a_transaction_carries_and_the_next_goes_on() {
        int users = 101;
        int conversations = 100;
        for (int user = 0; user < users; user++) {
            UserCommand.Builder here = UserCommand.newBuilder()
                    .setOrigin(PlayedUser.origin("phone", 1).toBuilder().setUser("user" + user))
                    .setDeviceConnected(DeviceConnected.getDefaultInstance());
            ann.effects("user" + user, here);
            for (int i = 0; i < conversations; i++) {
                ann.effects("user" + user, PlayedUser.joined("g%010d".formatted(i)));
            }
        }

        List<Presence> told = ann.after(20);
        List<Presence> rest = ann.after(1);

        // Each conversation is also asked to tell what comes, since the connections ended without their last words.
        assertThat(told).hasSize(5_000);
        assertThat(rest).hasSize(5_000);
        assertThat(ann.after(60)).hasSize(users * conversations - 10_000);
    }

    @Test
    void a_late_wish_of_a_connection_that_was_taken_over_changes_nothing() {
        ann.connected("phone", 1);
        ann.connected("phone", 2);
        ann.subscribes("phone", 1, "chat/#");
        ann.disconnected("phone", 1);
        ann.nothingIsToldForAMinute();
        ann.disconnected("phone", 2);
        assertThat(ann.after(10)).extracting(Presence::getOnline).containsExactly(false);
    }
}
