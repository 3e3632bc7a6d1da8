package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.protocol.log.Admitted;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.wire.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When pointers are told: at once if the conversation was told nothing within the last second, else when that is over. */
class ConversationLogicTest {
    private static final String CONVERSATION = "ann~bob";
    private static final long NOW_MILLIS = 1_700_000_000_000L;

    private final MapRows rows = new MapRows();
    private ConversationLogic logic = newLogic();

    @BeforeEach
    void ann_said_three_things() {
        run(ConversationCommand.newBuilder()
                .setOrigin(Origin.newBuilder().setUser("ann").setDevice("phone"))
                .setAttach(Attach.newBuilder().setRightsOnly(true).setToWrite(true)));
        run(ConversationCommand.newBuilder()
                .setAdmitted(Admitted.newBuilder().setUser("ann").setAskedAtMillis(NOW_MILLIS)));
        for (int i = 1; i <= 3; i++) {
            run(ConversationCommand.newBuilder()
                    .setOrigin(Origin.newBuilder().setUser("ann").setDevice("phone"))
                    .setSendMessage(SendMessage.newBuilder()
                            .setPublication(
                                    Publication.newBuilder().setId("m" + i).setText("t"))));
        }
        ticks(1);
    }

    @Test
    void the_first_pointer_is_told_at_once_and_leaves_no_row_of_what_is_to_be_told() {
        assertThat(told(read("bob", 1))).containsExactly("bob 1");
        assertThat(rows.keys("u|")).isEmpty();
    }

    @Test
    void what_moves_within_a_second_is_told_together_when_it_is_over() {
        read("bob", 1);
        assertThat(told(read("bob", 2))).isEmpty();
        assertThat(told(read("ann", 3))).isEmpty();

        assertThat(told(ticks(10))).isEmpty();
        assertThat(told(ticks(1))).containsExactly("ann 3", "bob 2");
        assertThat(told(read("bob", 3))).as("again within a second").isEmpty();
        assertThat(told(ticks(10))).containsExactly("bob 3");
        assertThat(rows.keys("u|")).isEmpty();
    }

    @Test
    void after_a_quiet_second_it_is_at_once_again() {
        read("bob", 1);
        assertThat(told(ticks(11))).isEmpty();
        assertThat(told(read("bob", 2))).containsExactly("bob 2");
    }

    @Test
    void what_was_not_yet_told_when_the_engine_ended_is_told_by_the_next() {
        read("bob", 1);
        read("bob", 2);
        logic = newLogic();

        assertThat(told(ticks(1))).containsExactly("bob 2");
        assertThat(told(ticks(20))).isEmpty();
    }

    private static ConversationLogic newLogic() {
        return new ConversationLogic(
                new ConversationRules(ConversationLimits.defaults()), Duration.ofSeconds(60), new Refusals());
    }

    private List<Effect> read(String user, int seq) {
        return run(ConversationCommand.newBuilder()
                .setReportCursors(ReportCursors.newBuilder()
                        .addCursors(Cursor.newBuilder()
                                .setUser(user)
                                .setDevice("phone")
                                .setRead(seq))));
    }

    private List<Effect> run(ConversationCommand.Builder command) {
        return logic.run(CONVERSATION, command.build().toByteArray(), NOW_MILLIS, rows);
    }

    private List<Effect> ticks(int times) {
        List<Effect> effects = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            effects.addAll(logic.tick(NOW_MILLIS, rows));
        }
        return effects;
    }

    /** User and how far they read, as storage is told. */
    private static List<String> told(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.StorePointers.class::isInstance)
                .map(Effect.StorePointers.class::cast)
                .flatMap(stored -> stored.pointers().getPointersList().stream())
                .map(pointer -> pointer.getUser() + " " + pointer.getRead())
                .toList();
    }
}
