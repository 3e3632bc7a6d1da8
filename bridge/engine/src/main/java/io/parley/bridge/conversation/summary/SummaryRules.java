package io.parley.bridge.conversation.summary;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.Unread;
import io.parley.bridge.conversation.pin.PinRules;
import io.parley.bridge.conversation.unread.UnreadRules;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Profile;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.Summary;
import io.parley.protocol.wire.ConversationKind;
import io.parley.protocol.wire.ConversationSummary;

/** What a conversation says of itself to a member who lists conversations. Who is no member is told nothing but that. */
public final class SummaryRules implements ConversationHandlers.Feature {
    private final UnreadRules unread;
    private final PinRules pins;

    public SummaryRules(UnreadRules unread, PinRules pins) {
        this.unread = unread;
        this.pins = pins;
    }

    @Override
    public void register(ConversationHandlers handlers) {
        handlers.on(CommandCase.SUMMARIZE, this::summarize);
    }

    public Decision summarize(ConversationState state, ConversationCommand command, long nowMillis) {
        Origin origin = command.getOrigin();
        UserId user = UserId.parse(origin.getUser());
        Member member = state.member(user);
        Summary.Builder answer =
                Summary.newBuilder().setConnection(origin.getConnection()).setRequestId(command.getRequestId());
        if (member != null) {
            answer.setSummary(
                    command.getSummarize().getUnreadOnly()
                            ? unread(state, user, nowMillis)
                            : summary(state, user, member, nowMillis));
        }
        return Decision.of(new Effect.Deliver(
                origin.getNode().getSlot(),
                state.id().value(),
                Delivery.newBuilder()
                        .setEpoch(origin.getNode().getEpoch())
                        .setSummary(answer)
                        .build()));
    }

    private ConversationSummary.Builder summary(ConversationState state, UserId user, Member member, long nowMillis) {
        Head head = state.head();
        Pointers pointers = state.pointers(user);
        ConversationSummary.Builder summary = unread(state, user, nowMillis)
                .setId(state.id().value())
                .setKind(state.id().isDirect() ? ConversationKind.DIRECT : ConversationKind.GROUP)
                .setHead(head.getSeq())
                .setDelivered(pointers.getDelivered())
                .setRead(pointers.getRead())
                .setReadReceiptsOff(head.getReadReceiptsOff())
                .addAllPinned(pins.shown(state, member, nowMillis));
        state.members().forEach(other -> summary.addMembers(other.value()));
        if (head.hasRetention()) {
            summary.setRetention(head.getRetention());
        }
        return state.id().isDirect() ? summary : withSettings(summary, state, member);
    }

    private static ConversationSummary.Builder withSettings(
            ConversationSummary.Builder summary, ConversationState state, Member member) {
        Head head = state.head();
        Profile profile = state.profile();
        summary.setName(head.getName())
                .setDescription(profile.getDescription())
                .setAnnouncement(head.getAnnouncement())
                .setAddRight(head.getAddRight())
                .setRole(member.getRole());
        return profile.hasAvatar() ? summary.setAvatar(profile.getAvatar()) : summary;
    }

    private ConversationSummary.Builder unread(ConversationState state, UserId user, long nowMillis) {
        Unread count = unread.of(state, user, nowMillis);
        return ConversationSummary.newBuilder().setUnread(count.messages()).setMentions(count.mentions());
    }
}
