package io.parley.bridge.engine;

import static io.parley.bridge.engine.PlayedUser.HOUR;
import static io.parley.bridge.engine.PlayedUser.closed;
import static io.parley.bridge.engine.PlayedUser.opened;
import static io.parley.bridge.engine.PlayedUser.origin;
import static io.parley.bridge.engine.PlayedUser.toConversations;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.state.Device;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.EraseUser;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.RemoveDevice;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What sessions leave that end by something else than time, and rows that are older than sessions. */
final class SessionEndTest {
    private final PlayedUser ann = new PlayedUser();

    @Test
    void a_removed_device_is_forgotten_where_its_user_is_and_where_its_filters_name() {
        long session = opened(ann.connects(origin("phone", 1), HOUR)).get(0).getSession();
        ann.subscribes("phone", 1, "chat/#", "chat/@cid/msg");
        List<Effect> effects = ann.effects(
                "ann",
                UserCommand.newBuilder()
                        .setOrigin(origin("tablet", 2))
                        .setRemoveDevice(RemoveDevice.newBuilder().setDevice("phone")));
        assertThat(closed(effects)).containsExactly("1 REMOVED");

        assertThat(toConversations(ann.ticks(1), ConversationCommand::hasForgetDevice))
                .containsOnlyKeys("ann~ben", "ann~cid")
                .allSatisfy((conversation, command) ->
                        assertThat(command.getForgetDevice().getSession()).isEqualTo(session));
        nothingIsLeftOfSessions();
    }

    @Test
    void devices_that_are_too_many_get_no_session_and_leave_nothing() {
        for (int i = 0; i < 20; i++) {
            ann.connects(origin("d" + i, i + 1), HOUR);
        }
        List<Effect> effects = ann.connects(origin("another", 99), HOUR);
        assertThat(closed(effects)).containsExactly("99 TOO_MANY_DEVICES");
        assertThat(opened(effects)).isEmpty();
        assertThat(ann.rows.keys("")).noneMatch(key -> key.contains("another"));

        ann.connects(origin("d0", 100), HOUR);
        ann.disconnected("d0", 1);
        assertThat(ann.rows.keys("x|")).as("one that is known is not too many").hasSize(20);
    }

    @Test
    void of_an_erased_user_no_session_is_left() {
        ann.connects(origin("phone", 1), HOUR);
        ann.subscribes("phone", 1, "chat/#", "chat/@cid/msg");
        ann.connects(origin("tablet", 2), HOUR);
        ann.subscribes("tablet", 2, "chat/#");
        ann.disconnected("tablet", 2);
        ann.connects(origin("phone", 3), HOUR);

        assertThat(closed(ann.effects("ann", UserCommand.newBuilder().setEraseUser(EraseUser.getDefaultInstance()))))
                .containsExactly("1 REMOVED", "3 REMOVED");

        assertThat(toConversations(
                        ann.ticks(1),
                        command -> command.hasForgetDevice()
                                && command.getForgetDevice().getDevice().equals("phone")))
                .as("where nothing was said yet, too")
                .containsKey("ann~cid");
        nothingIsLeftOfSessions();
        assertThat(ann.rows.keys("l|")).isEmpty();
    }

    @Test
    void a_row_older_than_sessions_is_a_device_without_filters_for_thirty_days() {
        ann.rows.put(
                "x|ann|phone",
                Device.newBuilder().setSeenMillis(ann.nowMillis).build().toByteArray());

        List<SessionOpened> opened = opened(ann.connects(origin("phone", 1), HOUR));

        assertThat(opened)
                .as("its client has to subscribe")
                .extracting(SessionOpened::getPresent)
                .containsExactly(false);
        assertThat(toConversations(ann.ticks(2), ConversationCommand::hasForgetDevice))
                .as("its cursors become those of the session")
                .isEmpty();
    }

    @Test
    void a_connection_in_a_row_older_than_sessions_ends_with_its_node() {
        ann.rows.put(
                "x|ann|phone",
                Device.newBuilder()
                        .setSlot(PlayedUser.NODE.getSlot())
                        .setEpoch(PlayedUser.NODE.getEpoch())
                        .setConnection(4)
                        .build()
                        .toByteArray());
        // It is as old as the rows before there was an index of nodes.
        ann.rows.delete("D|");
        ann.alive(PlayedUser.NODE.toBuilder().setEpoch(6).build());
        ann.nowMillis += 30L * 24 * HOUR * 1000;
        ann.ticks(2);
        nothingIsLeftOfSessions();
    }

    private void nothingIsLeftOfSessions() {
        assertThat(ann.rows.keys("")).noneMatch(key -> "xfwep".indexOf(key.charAt(0)) >= 0);
    }
}
