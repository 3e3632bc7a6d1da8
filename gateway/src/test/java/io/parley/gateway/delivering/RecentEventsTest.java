package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.parley.gateway.CommandLog;
import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Deleted;
import io.parley.protocol.wire.DeletedMessage;
import io.parley.protocol.wire.Edited;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentEventsTest {
    private static final ConversationId HERE = ConversationId.parse("ann~ben");
    private static final ConversationId THERE = ConversationId.parse("ann~cid");

    private final RecentEvents recent = new RecentEvents(1 << 20);

    @Test
    void a_deletion_leaves_tombstones_of_the_message_and_its_edits() {
        add(HERE, event(1).setId("m1").setText("secret"));
        add(HERE, event(2).setText("stays"));
        add(HERE, event(3).setId("m3").setEdited(Edited.newBuilder().setSeq(1).setText("secret too")));
        add(HERE, event(4).setDeleted(Deleted.newBuilder().setSeq(1).addEdits(3)));

        List<ChatEvent> events = events(HERE);

        assertThat(events).hasSize(4);
        assertThat(events.get(0))
                .isEqualTo(event(1).setDeletedMessage(DeletedMessage.getDefaultInstance())
                        .build());
        assertThat(events.get(1).getText()).isEqualTo("stays");
        assertThat(events.get(2).getEdited())
                .isEqualTo(Edited.newBuilder().setSeq(1).build());
        assertThat(events.get(3).hasDeleted()).isTrue();
    }

    @Test
    void what_was_rendered_before_is_forgotten_too() {
        add(HERE, event(1).setText("secret"));
        byte[] before = recent.from(HERE, 1, 1).get(0).payload(WireFormat.JSON);
        add(HERE, event(2).setDeleted(Deleted.newBuilder().setSeq(1)));

        byte[] after = recent.from(HERE, 1, 1).get(0).payload(WireFormat.JSON);

        assertThat(new String(before, StandardCharsets.UTF_8)).contains("secret");
        assertThat(new String(after, StandardCharsets.UTF_8))
                .contains("deletedMessage")
                .doesNotContain("secret");
    }

    @Test
    void a_deletion_stays_in_its_conversation_and_makes_nothing_of_nothing() {
        add(THERE, event(1).setText("another"));
        add(HERE, event(2).setDeleted(Deleted.newBuilder().setSeq(1)));

        assertThat(events(THERE).get(0).getText()).isEqualTo("another");
        assertThat(recent.from(HERE, 1, 10)).isEmpty();
    }

    @Test
    void what_was_before_a_route_was_opened_is_not_trusted() {
        Routes routes = new Routes(Node.getDefaultInstance(), new NoLog());
        assertThat(routes.since(HERE)).isEqualTo(Integer.MAX_VALUE);

        routes.opened(HERE, 1, 10);
        routes.opened(HERE, 2, 15);
        assertThat(routes.since(HERE)).as("the first of two connections").isEqualTo(10);
        routes.closed(HERE);
        assertThat(routes.since(HERE)).as("one is left").isEqualTo(10);
        routes.closed(HERE);
        assertThat(routes.since(HERE)).as("events come still").isEqualTo(10);
        routes.opened(HERE, 3, 18);
        routes.closed(HERE);
        assertThat(routes.since(HERE)).as("and came all the time").isEqualTo(10);
        routes.used(HERE);
        assertThat(routes.since(HERE)).isEqualTo(Integer.MAX_VALUE);
        routes.opened(HERE, 4, 20);
        assertThat(routes.since(HERE)).isEqualTo(20);
    }

    private void add(ConversationId conversation, ChatEvent.Builder event) {
        recent.add(
                conversation, new SequencedEvent(event.getSeq(), event.build().toByteArray()));
    }

    private List<ChatEvent> events(ConversationId conversation) {
        return recent.from(conversation, 1, 10).stream()
                .map(SequencedEvent::decoded)
                .toList();
    }

    private static ChatEvent.Builder event(int seq) {
        return ChatEvent.newBuilder()
                .setSeq(seq)
                .setFrom("ann")
                .setAt(Timestamp.newBuilder().setSeconds(1_800_000_000 + seq).setNanos(123_000_000));
    }

    /** Takes commands and does nothing. */
    private static final class NoLog implements CommandLog {
        @Override
        public void appendToAllUsers(UserCommand command, IntConsumer taken) {
            taken.accept(0);
        }

        @Override
        public void append(
                ConversationId conversation, ConversationCommand command, Consumer<@Nullable Exception> done) {
            done.accept(null);
        }

        @Override
        public void append(UserId user, UserCommand command, Consumer<@Nullable Exception> done) {
            done.accept(null);
        }
    }
}
