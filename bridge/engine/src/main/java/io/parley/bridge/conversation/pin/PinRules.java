package io.parley.bridge.conversation.pin;

import static io.parley.bridge.Replies.refusal;

import io.parley.bridge.Replies;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.Said;
import io.parley.bridge.conversation.admission.AdmissionRules;
import io.parley.bridge.conversation.blocking.BlockRules;
import io.parley.bridge.conversation.retention.RetentionRules;
import io.parley.bridge.conversation.sequence.Sequencer;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Pin;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.MessagePinned;
import io.parley.protocol.wire.MessageUnpinned;
import io.parley.protocol.wire.Role;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pinned messages. Owners and admins of a group pin and unpin, and either of two. A pin ends with its message, without an event of its own. Pinning what is pinned
 * already is no event, and neither is unpinning what is not.
 */
public final class PinRules implements ConversationHandlers.Feature {
    private final Sequencer sequencer;
    private final RetentionRules retention;
    private final int maximum;

    /** @param maximum the most messages that are pinned at once */
    public PinRules(Sequencer sequencer, RetentionRules retention, int maximum) {
        this.sequencer = sequencer;
        this.retention = retention;
        this.maximum = maximum;
    }

    @Override
    public void register(ConversationHandlers handlers) {
        handlers.on(CommandCase.PIN_MESSAGE, this::pin)
                .on(CommandCase.UNPIN_MESSAGE, this::unpin)
                .before(CommandCase.PIN_MESSAGE, (state, command, now) -> AdmissionRules.refuseSetting(state, command))
                .before(
                        CommandCase.UNPIN_MESSAGE,
                        (state, command, now) -> AdmissionRules.refuseSetting(state, command));
    }

    /** The pinned messages that the member may see and that have not expired, in the order in which they were pinned. */
    public List<Integer> shown(ConversationState state, Member member, long nowMillis) {
        return standing(state, nowMillis).stream()
                .map(Pin::getSeq)
                .filter(seq -> seq >= member.getJoined())
                .toList();
    }

    private List<Pin> standing(ConversationState state, long nowMillis) {
        long sinceSeconds = sinceSeconds(state, nowMillis);
        return state.pins().stream()
                .filter(pin -> pin.getAtSeconds() > sinceSeconds)
                .toList();
    }

    private long sinceSeconds(ConversationState state, long nowMillis) {
        int days = retention.of(state).getDays();
        return days == 0 ? 0 : nowMillis / 1000 - Duration.ofDays(days).toSeconds();
    }

    private Decision pin(ConversationState state, ConversationCommand command, long nowMillis) {
        UserId by = UserId.parse(command.getOrigin().getUser());
        int seq = command.getPinMessage().getSeq();
        Member member = state.member(by);
        Error.Builder refused = refuse(state, member);
        if (refused != null || member == null) {
            return answered(Decision.none(), command, refused);
        }
        List<Pin> standing = standing(state, nowMillis);
        if (standing.stream().anyMatch(pin -> pin.getSeq() == seq)) {
            return answered(Decision.none(), command, null);
        }
        Said target = seq < member.getJoined() ? null : state.said(seq);
        if (target == null || target.atSeconds() <= sinceSeconds(state, nowMillis)) {
            String text = "there is no message " + seq + ", or it is deleted, expired or too far back";
            return answered(Decision.none(), command, refusal(ErrorCode.NOT_FOUND, text));
        }
        if (standing.size() >= maximum) {
            String text = "a conversation has at most " + maximum + " pinned messages: unpin another one first";
            return answered(Decision.none(), command, refusal(ErrorCode.TOO_LARGE, text));
        }
        Decision decision = forgetExpired(state, nowMillis);
        ChatEvent.Builder event = ChatEvent.newBuilder()
                .setMessagePinned(MessagePinned.newBuilder().setSeq(seq));
        sequencer.sequence(decision, state, by, event, nowMillis, List.of());
        Pin pin = Pin.newBuilder()
                .setSeq(seq)
                .setSender(target.sender().value())
                .setAtSeconds(target.atSeconds())
                .build();
        return answered(decision.and(new Change.Pinned(pin)), command, null);
    }

    private Decision unpin(ConversationState state, ConversationCommand command, long nowMillis) {
        UserId by = UserId.parse(command.getOrigin().getUser());
        int seq = command.getUnpinMessage().getSeq();
        Error.Builder refused = refuse(state, state.member(by));
        if (refused != null) {
            return answered(Decision.none(), command, refused);
        }
        Decision decision = Decision.none();
        if (standing(state, nowMillis).stream().anyMatch(pin -> pin.getSeq() == seq)) {
            ChatEvent.Builder event = ChatEvent.newBuilder()
                    .setMessageUnpinned(MessageUnpinned.newBuilder().setSeq(seq));
            sequencer.sequence(decision, state, by, event, nowMillis, List.of());
        }
        return answered(decision, command, null);
    }

    /** Times never run backwards in a sequence, so what has expired lies before what has not. */
    private Decision forgetExpired(ConversationState state, long nowMillis) {
        long sinceSeconds = sinceSeconds(state, nowMillis);
        int through = state.pins().stream()
                .filter(pin -> pin.getAtSeconds() <= sinceSeconds)
                .mapToInt(Pin::getSeq)
                .max()
                .orElse(0);
        return through == 0 ? Decision.none() : Decision.none().and(new Change.PinsExpired(through));
    }

    private static Error.@Nullable Builder refuse(ConversationState state, @Nullable Member member) {
        if (member == null) {
            return refusal(ErrorCode.NOT_A_MEMBER, "you are not a member of " + state.id());
        }
        if (BlockRules.isBlocked(state)) {
            return refusal(ErrorCode.NOT_ALLOWED, "you cannot write to this user");
        }
        return !state.id().isDirect() && member.getRole() == Role.MEMBER
                ? refusal(ErrorCode.NOT_ALLOWED, "only an owner or admin of the group may do this")
                : null;
    }

    private static Decision answered(Decision decision, ConversationCommand command, Error.@Nullable Builder refused) {
        return decision.and(
                refused == null
                        ? Replies.ok(command.getOrigin(), command.getRequestId())
                        : Replies.error(command.getOrigin(), command.getRequestId(), refused));
    }
}
