package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.push.Notification;
import io.parley.protocol.wire.ChatEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/** What users were notified of, against what happened. */
final class PushAudit {
    private final SimulatedLog log;
    /** By user and conversation: what is shown now, the newest; 0: nothing any more. */
    private final Map<String, Integer> shown = new HashMap<>();

    PushAudit(SimulatedLog log) {
        this.log = log;
        for (Notification one : log.notifications) {
            String where = one.getUser() + " " + one.getConversation();
            assertThat(one.getTokensList())
                    .as("only to the user's own token")
                    .allMatch(token -> token.getToken().equals(one.getUser()));
            if (one.hasAlert()) {
                assertThat(one.getSeq())
                        .as("%s: nothing is notified twice", where)
                        .isGreaterThan(shown.getOrDefault(where, 0));
            }
            shown.put(where, one.hasAlert() ? one.getSeq() : 0);
        }
    }

    /** The newest message is the last event, by another. */
    void checkNotified(String user, ConversationId conversation) {
        if (!user.equals(SimulatedPlatform.WITHOUT_TOKEN)) {
            assertThat(shown.getOrDefault(user + " " + conversation, 0))
                    .as("%s is away, and knows of the newest message in %s", user, conversation)
                    .isEqualTo(log.events(conversation).size());
        }
    }

    /** Nobody was notified of an own message, or of one of a time when the user was no member. */
    void checkRights(ConversationId conversation, BiPredicate<String, Integer> mayRead) {
        List<ChatEvent> events = log.events(conversation);
        for (Notification one : log.notifications) {
            if (one.hasAlert() && one.getConversation().equals(conversation.value())) {
                assertThat(mayRead.test(one.getUser(), one.getSeq()))
                        .as("%s may read %s", one.getUser(), one)
                        .isTrue();
                assertThat(events.get(one.getSeq() - 1).getFrom())
                        .isNotEqualTo(one.getUser())
                        .isEqualTo(one.getAlert().getSender());
            }
        }
    }

    void checkNothingIsShown() {
        assertThat(shown.entrySet()).filteredOn(entry -> entry.getValue() > 0).isEmpty();
    }
}
