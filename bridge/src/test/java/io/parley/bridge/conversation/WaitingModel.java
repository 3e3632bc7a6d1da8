package io.parley.bridge.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.ReplyDelivery;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The messages that wait for a conversation of two to begin: each gets one seq, in the order in which they came, or its sender an error. */
final class WaitingModel {
    /** Sender and id. */
    private final List<String> waiting = new ArrayList<>();
    /** Those that change a message, which must have its seq first. */
    private final Set<String> changes = new HashSet<>();

    boolean isAny() {
        return !waiting.isEmpty();
    }

    void take(ConversationCommand command, Decision decision) {
        List<String> said = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        List<String> again = new ArrayList<>();
        for (Effect effect : decision.effects()) {
            if (effect instanceof Effect.Publish publish) {
                said.add(key(publish.event()));
            } else if (effect instanceof Effect.TellConversation tell) {
                again.add(key(tell.command()));
            } else if (effect instanceof Effect.Deliver deliver
                    && deliver.delivery().getReply().getReply().hasError()) {
                ReplyDelivery reply = deliver.delivery().getReply();
                refused.add(reply.getUser() + "/" + reply.getReply().getError().getMessageId());
            }
        }
        if (command.hasAdmitted() && !said.isEmpty()) {
            assertThat(said)
                    .as("all messages that waited, in order")
                    .containsExactlyElementsOf(waiting.stream()
                            .distinct()
                            .filter(key -> !changes.contains(key))
                            .toList());
            assertThat(again)
                    .as("what changes them, in order")
                    .containsExactlyElementsOf(waiting.stream()
                            .distinct()
                            .filter(changes::contains)
                            .toList());
            waiting.clear();
        }
        boolean answered = command.hasAdmitted() || command.hasAdmissionRefused() || command.hasAdmissionOver();
        if (answered) {
            assertThat(waiting).containsAll(refused);
            refused.forEach(waiting::remove);
        }
        if (command.hasEraseMember()) {
            waiting.removeIf(key -> key.startsWith(command.getEraseMember().getUser() + "/"));
        }
        if (decision.changes().stream().anyMatch(Change.MessageWaits.class::isInstance)) {
            Publication publication = command.getSendMessage().getPublication();
            waiting.add(key(command));
            if (publication.hasEdit() || publication.hasDelete() || publication.hasReact()) {
                changes.add(key(command));
            }
        }
    }

    private static String key(ConversationCommand command) {
        return command.getOrigin().getUser() + "/"
                + command.getSendMessage().getPublication().getId();
    }

    private static String key(ChatEvent event) {
        return event.getFrom() + "/" + event.getId();
    }

    void matches(ConversationState state) {
        assertThat(state.waiting().values())
                .extracting(message -> message.getOrigin().getUser() + "/"
                        + message.getPublication().getId())
                .containsExactlyElementsOf(waiting);
        for (String user : RandomCommands.USERS) {
            assertThat(state.asking(UserId.parse(user)) != null)
                    .as(user + " asks while something of theirs waits")
                    .isEqualTo(waiting.stream().anyMatch(key -> key.startsWith(user + "/")));
        }
    }
}
