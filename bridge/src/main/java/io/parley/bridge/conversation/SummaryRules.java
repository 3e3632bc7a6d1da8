package io.parley.bridge.conversation;

import io.parley.bridge.Effect;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Profile;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.Summary;
import io.parley.protocol.wire.ConversationKind;
import io.parley.protocol.wire.ConversationSummary;
import java.time.Duration;

/** What a conversation says of itself to a member who lists conversations. Who is no member is told nothing but that. */
final class SummaryRules {
    private final RetentionRules retention;

    /** @param retention how long messages are kept */
    SummaryRules(RetentionRules retention) {
        this.retention = retention;
    }

    Decision summarize(ConversationState state, Origin origin, String requestId, long nowMillis) {
        UserId user = UserId.parse(origin.getUser());
        Member member = state.member(user);
        Summary.Builder answer =
                Summary.newBuilder().setConnection(origin.getConnection()).setRequestId(requestId);
        if (member != null) {
            answer.setSummary(summary(state, user, member, nowMillis));
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
        Unread unread = unread(state, user, member, nowMillis);
        ConversationSummary.Builder summary = ConversationSummary.newBuilder()
                .setId(state.id().value())
                .setKind(state.id().isDirect() ? ConversationKind.DIRECT : ConversationKind.GROUP)
                .setHead(head.getSeq())
                .setDelivered(pointers.getDelivered())
                .setRead(pointers.getRead())
                .setUnread(unread.messages())
                .setMentions(unread.mentions())
                .setReadReceiptsOff(head.getReadReceiptsOff());
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

    /** Messages that are kept no more do not count. Of those that go with time, that is told by how long messages are kept now. */
    private Unread unread(ConversationState state, UserId user, Member member, long nowMillis) {
        int seen = Math.max(
                state.pointers(user).getRead(),
                Math.max(member.getJoined() - 1, state.head().getPurged()));
        int days = retention.of(state).getDays();
        long sinceSeconds =
                days == 0 ? 0 : nowMillis / 1000 - Duration.ofDays(days).toSeconds();
        return state.unread(new Unread.Reader(user, seen + 1, sinceSeconds));
    }
}
