package io.parley.bridge.conversation;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.conversation.admission.AdmissionRules;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.conversation.machine.ConversationStore;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Admitted;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.Delete;
import io.parley.protocol.wire.Edit;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.React;
import io.parley.protocol.wire.Reply;
import java.time.Duration;
import java.util.List;

/** A conversation of which a test says who does what, and sees what follows. Time stands still until it is moved. */
public final class PlayedConversation {
    public static final ConversationId GROUP = ConversationId.parse("g0123456789abc");

    public final MapRows rows = new MapRows();
    public final ConversationStore store;
    private final ConversationRules rules;
    private long nowMillis = 1_700_000_000_000L;
    private int ids;
    /** Whether a node asks before the first message, and user machines agree. */
    boolean answers = true;

    public PlayedConversation(ConversationId id, ConversationLimits limits) {
        store = new ConversationStore(id, rows);
        rules = new ConversationRules(limits);
    }

    /** ann's group with ben and cid, under the default limits. */
    public static PlayedConversation group() {
        return group(ConversationLimits.defaults());
    }

    public static PlayedConversation group(ConversationLimits limits) {
        PlayedConversation played = new PlayedConversation(GROUP, limits);
        played.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setCreateGroup(
                                CreateGroup.newBuilder().addMembers("ben").addMembers("cid")));
        return played;
    }

    /** What a command brought about: events, and errors and answers. */
    public record Outcome(List<ChatEvent> events, List<Reply> replies, List<Effect> effects) {
        public ChatEvent event() {
            if (events.size() != 1) {
                throw new AssertionError("not one event but " + events + ", replies " + replies);
            }
            return events.get(0);
        }

        public int seq() {
            return event().getSeq();
        }

        public ErrorCode error() {
            return replies.isEmpty()
                    ? ErrorCode.ERROR_CODE_UNSPECIFIED
                    : replies.get(0).getError().getCode();
        }
    }

    public void later(Duration time) {
        nowMillis += time.toMillis();
    }

    public Outcome says(String user, String text) {
        return publishes(user, Publication.newBuilder().setText(text));
    }

    public Outcome edits(String user, int seq, String text) {
        return publishes(
                user,
                Publication.newBuilder().setEdit(Edit.newBuilder().setSeq(seq).setText(text)));
    }

    public Outcome deletes(String user, int seq) {
        return publishes(
                user, Publication.newBuilder().setDelete(Delete.newBuilder().setSeq(seq)));
    }

    public Outcome reacts(String user, int seq, String emoji) {
        return publishes(
                user,
                Publication.newBuilder().setReact(React.newBuilder().setSeq(seq).setEmoji(emoji)));
    }

    public Outcome unreacts(String user, int seq, String emoji) {
        return publishes(
                user,
                Publication.newBuilder()
                        .setReact(React.newBuilder().setSeq(seq).setEmoji(emoji).setRemove(true)));
    }

    /** Without an id it gets a new one. */
    public Outcome publishes(String user, Publication.Builder publication) {
        if (publication.getId().isEmpty()) {
            publication.setId("m" + ++ids);
        }
        return does(
                user,
                ConversationCommand.newBuilder()
                        .setSendMessage(SendMessage.newBuilder().setPublication(publication)));
    }

    public Outcome does(String user, ConversationCommand.Builder command) {
        return does(user, "d", command);
    }

    public Outcome does(String user, String device, ConversationCommand.Builder command) {
        return does(Origin.newBuilder().setUser(user).setDevice(device).build(), command);
    }

    public Outcome does(Origin origin, ConversationCommand.Builder command) {
        if (answers && command.hasSendMessage() && AdmissionRules.isBefore(store)) {
            asksToWrite(origin);
            admits(origin.getUser());
        }
        return outcome(decide(command.setOrigin(origin).build()));
    }

    /** A node has a first message. */
    Outcome asksToWrite(Origin origin) {
        return outcome(decide(ConversationCommand.newBuilder()
                .setOrigin(origin)
                .setAttach(Attach.newBuilder().setRightsOnly(true).setToWrite(true))
                .build()));
    }

    /** The answer to what that user's machine was asked at this time. */
    Outcome admits(String user) {
        return outcome(decide(ConversationCommand.newBuilder()
                .setAdmitted(Admitted.newBuilder().setUser(user).setAskedAtMillis(nowMillis))
                .build()));
    }

    private List<Effect> decide(ConversationCommand command) {
        Decision decision = rules.decide(store, command, nowMillis);
        decision.changes().forEach(store::apply);
        return decision.effects();
    }

    public static Outcome outcome(List<Effect> effects) {
        return new Outcome(
                effects.stream()
                        .filter(Effect.Publish.class::isInstance)
                        .map(effect -> ((Effect.Publish) effect).event())
                        .toList(),
                effects.stream()
                        .filter(Effect.Deliver.class::isInstance)
                        .map(effect -> ((Effect.Deliver) effect).delivery())
                        .filter(delivery -> delivery.hasReply())
                        .map(delivery -> delivery.getReply().getReply())
                        .toList(),
                effects);
    }
}
