package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.state.Device;
import io.parley.bridge.user.Sessions;
import io.parley.bridge.user.UserLimits;
import io.parley.bridge.user.machine.UserRules;
import io.parley.bridge.user.machine.UserStore;
import io.parley.protocol.UserId;
import io.parley.protocol.log.DeadLetterKind;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What an engine makes of the commands and rows of a newer one, as in an upgrade that is taken back. That it acts as ever is in {@code NewerUserTest} and {@code NewerConversationTest}. */
class NewerEngineTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final UserId ANN = UserId.parse("ann");
    private static final UnknownFieldSet LATER = UnknownFieldSet.newBuilder()
            .addField(
                    15_000,
                    UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(com.google.protobuf.ByteString.copyFromUtf8("later"))
                            .build())
            .build();

    private final MapRows rows = new MapRows();
    private final UserLogic users =
            new UserLogic(new UserRules(10_000, UserLimits.defaults()), (slot, epoch) -> false, new Refusals());

    @Test
    void a_command_that_it_does_not_know_is_buried_and_changes_nothing() {
        byte[] command = UserCommand.newBuilder()
                .setOrigin(Origin.newBuilder().setUser("ann"))
                .setUnknownFields(LATER)
                .build()
                .toByteArray();

        assertBuried(users.run("ann", command, NOW, rows));
        assertBuried(new ConversationLogic(
                        new ConversationRules(ConversationLimits.defaults()),
                        Duration.ofMinutes(2),
                        (slot, epoch) -> false,
                        new Refusals())
                .run("ann~ben", command, NOW, rows));
        assertThat(rows.content()).isEmpty();
    }

    @Test
    void what_it_does_not_know_of_a_row_stays_when_it_changes_the_row() {
        connect(1);
        Device device = device();
        String key = Sessions.deviceKey(ANN, "phone");
        rows.put(key, device.toBuilder().setUnknownFields(LATER).build().toByteArray());

        connect(2);

        assertThat(device().hasNewcomer()).as("the row was changed").isTrue();
        assertThat(device().getUnknownFields()).isEqualTo(LATER);
    }

    @Test
    void a_family_of_rows_that_it_does_not_know_is_left_alone() {
        rows.put("Z|ann", new byte[] {1, 2, 3});
        rows.put("~!000000000000001|ann|x", new byte[0]);

        connect(1);
        users.tick(NOW + 1_000, rows);

        assertThat(rows.get("Z|ann")).containsExactly(1, 2, 3);
        assertThat(rows.get("~!000000000000001|ann|x")).isEmpty();
    }

    private void connect(long connection) {
        UserCommand connect = UserCommand.newBuilder()
                .setOrigin(Origin.newBuilder()
                        .setUser("ann")
                        .setDevice("phone")
                        .setConnection(connection)
                        .setNode(Node.newBuilder().setSlot(1).setEpoch(1)))
                .setDeviceConnected(DeviceConnected.newBuilder().setExpirySeconds(600))
                .build();
        users.run("ann", connect.toByteArray(), NOW, rows);
    }

    private Device device() {
        return Objects.requireNonNull(new UserStore(ANN, rows).devices().get("phone"));
    }

    private static void assertBuried(List<Effect> effects) {
        assertThat(effects)
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.Bury.class,
                        bury -> assertThat(bury.letter().getKind())
                                .isIn(DeadLetterKind.COMMAND_INVALID, DeadLetterKind.RECORD_UNREADABLE));
    }
}
