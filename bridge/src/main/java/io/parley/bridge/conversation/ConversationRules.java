package io.parley.bridge.conversation;

import static io.parley.bridge.Replies.refusal;

import com.google.protobuf.Timestamp;
import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.bridge.state.Route;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.EventDelivery;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Publication;
import java.util.List;

/** Decides what follows from a command. The same state, command and time give the same decision. */
public final class ConversationRules {
    private final MembershipRules membership = new MembershipRules(this);
    private final SignalRules signals;
    private final DeviceRules devices;

    /** @param presenceMembers conversations with more members carry no presence */
    public ConversationRules(int presenceMembers) {
        this.signals = new SignalRules(presenceMembers);
        this.devices = new DeviceRules(signals);
    }

    /**
     * Decides; changes nothing.
     *
     * @param nowMillis the command record's time, epoch milliseconds
     */
    public Decision decide(ConversationState state, ConversationCommand command, long nowMillis) {
        return switch (command.getCommandCase()) {
            case SEND_MESSAGE ->
                send(state, command.getOrigin(), command.getSendMessage().getPublication(), nowMillis);
            case ATTACH -> devices.attach(state, command.getOrigin(), command.getAttach());
            case DETACH -> devices.detach(state, command.getDetach());
            case REPORT_CURSORS -> devices.report(state, command.getReportCursors());
            case TYPING_NOW -> signals.typing(state, command.getOrigin(), command.getTypingNow());
            case PRESENCE_CHANGED ->
                signals.presence(state, command.getPresenceChanged().getPresence());
            case PRIVACY_CHANGED -> signals.privacy(state, command.getPrivacyChanged());
            case FORGET_DEVICE -> devices.forget(state, command.getForgetDevice());
            case BLOCK_CHANGED -> signals.block(state, command.getBlockChanged());
            case TELL_SIGNALS -> signals.tell(state);
            default -> membership.decide(state, command, nowMillis);
        };
    }

    private Decision send(ConversationState state, Origin origin, Publication publication, long nowMillis) {
        UserId sender = UserId.parse(origin.getUser());
        if (state.member(sender) == null) {
            Error.Builder error = refusal(ErrorCode.NOT_A_MEMBER, "you are not a member of " + state.id())
                    .setMessageId(publication.getId())
                    .setConversation(state.id().value());
            return Decision.of(Replies.error(origin, "", error));
        }
        if (SignalRules.isBlocked(state)) {
            // Who is blocked is not told so, nor which of the two blocks.
            Error.Builder error = refusal(ErrorCode.NOT_ALLOWED, "you cannot write to this user")
                    .setMessageId(publication.getId())
                    .setConversation(state.id().value());
            return Decision.of(Replies.error(origin, "", error));
        }
        if (state.seqOf(sender, publication.getId(), nowMillis) != 0) {
            return Decision.none();
        }
        ChatEvent.Builder event = ChatEvent.newBuilder()
                .setId(publication.getId())
                .setContentType(publication.getContentType())
                .addAllAttachments(publication.getAttachmentsList())
                .setReplyTo(publication.getReplyTo())
                .addAllMentions(publication.getMentionsList());
        switch (publication.getBodyCase()) {
            case TEXT -> event.setText(publication.getText());
            case DATA -> event.setData(publication.getData());
            default -> {}
        }
        Decision decision = sequence(Decision.none(), state, sender, event, nowMillis, List.of());
        if (state.id().isDirect() && state.head().getSeq() == 0) {
            state.members().forEach(user -> decision.and(MembershipRules.joined(state.id(), user, sender, 1)));
        }
        return decision;
    }

    /**
     * Gives the event its place: the next seq after the head and the sequenced changes already decided, a time that never runs
     * backwards, and its way to history and to every node with devices here.
     */
    Decision sequence(
            Decision decision,
            ConversationState state,
            UserId from,
            ChatEvent.Builder event,
            long nowMillis,
            List<String> removed) {
        long before = decision.changes().stream()
                .filter(Change.Sequenced.class::isInstance)
                .count();
        int seq = state.head().getSeq() + 1 + (int) before;
        long atMillis = Math.max(nowMillis, state.head().getAtMillis());
        ChatEvent made = event.setSeq(seq)
                .setFrom(from.value())
                .setAt(Timestamp.newBuilder()
                        .setSeconds(Math.floorDiv(atMillis, 1000L))
                        .setNanos((int) Math.floorMod(atMillis, 1000L) * 1_000_000))
                .build();
        decision.and(new Change.Sequenced(made)).and(new Effect.Publish(state.id(), made));
        Delivery delivery = Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder()
                        .setSeq(seq)
                        .setEvent(made.toByteString())
                        .addAllRemoved(removed))
                .build();
        for (Route route : state.routes()) {
            decision.and(new Effect.Deliver(route.getSlot(), state.id().value(), delivery));
        }
        return decision;
    }
}
