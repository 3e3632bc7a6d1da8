package io.parley.bridge.user.push;

import static io.parley.bridge.Replies.refusal;

import com.google.protobuf.util.Timestamps;
import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.bridge.state.MuteRow;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserState;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Muted;
import io.parley.protocol.log.NotifyEach;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Mute;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conversations of which a user is not notified. The conversation is told, too: it does not tell the user what the user does not want to be told. */
public final class MuteRules {
    private static final int FOR_EVER = -1;
    private static final MuteRow NOT_MUTED = MuteRow.getDefaultInstance();

    private MuteRules() {}

    static UserDecision mute(UserState state, UserCommand command, Mute wish, long nowMillis) {
        ConversationId conversation = ConversationId.parse(wish.getConversation());
        if (!state.isIn(conversation)) {
            return refused(command, refusal(ErrorCode.NOT_A_MEMBER, "you are not a member of " + conversation));
        }
        long untilMillis = wish.hasUntil() ? Timestamps.toMillis(wish.getUntil()) : FOR_EVER;
        if (wish.hasUntil() && untilMillis <= nowMillis) {
            return refused(
                    command, refusal(ErrorCode.BAD_REQUEST, "until is over: send a later time, or none for ever"));
        }
        MuteRow mute = MuteRow.newBuilder()
                .setUntilMillis(untilMillis)
                .setExceptMentions(wish.getExceptMentions())
                .build();
        return set(state, command, conversation, new UserChange.MuteSet(conversation, mute), mute);
    }

    static UserDecision unmute(UserState state, UserCommand command, String name) {
        ConversationId conversation = ConversationId.parse(name);
        return state.push().mute(conversation) == null
                ? UserDecision.none().and(Replies.ok(command.getOrigin(), command.getRequestId()))
                : set(state, command, conversation, new UserChange.MuteEnded(conversation), NOT_MUTED);
    }

    private static UserDecision set(
            UserState state, UserCommand command, ConversationId conversation, UserChange change, MuteRow now) {
        UserDecision decision = UserDecision.none().and(change);
        if (state.push().hasTokens()) {
            decision.and(tell(conversation, each(state, now).setUpdate(true)));
        }
        return decision.and(Replies.ok(command.getOrigin(), command.getRequestId()));
    }

    private static UserDecision refused(UserCommand command, io.parley.protocol.wire.Error.Builder error) {
        return UserDecision.none().and(Replies.error(command.getOrigin(), command.getRequestId(), error));
    }

    /** What a conversation is told of the user's wish. */
    static NotifyEach.Builder each(UserState state, @Nullable MuteRow mute) {
        MuteRow now = mute == null ? NOT_MUTED : mute;
        return NotifyEach.newBuilder()
                .setUser(state.id().value())
                .setSilentUntilMillis(now.getUntilMillis())
                .setExceptMentions(now.getExceptMentions());
    }

    static Effect tell(ConversationId conversation, NotifyEach.Builder each) {
        return new Effect.TellConversation(
                conversation,
                ConversationCommand.newBuilder().setNotifyEach(each).build());
    }

    /** Whether the user does not want to be notified now. */
    static boolean isMuted(@Nullable MuteRow mute, boolean mention, long nowMillis) {
        return isOn(mute, nowMillis) && !(mute != null && mute.getExceptMentions() && mention);
    }

    private static boolean isOn(@Nullable MuteRow mute, long nowMillis) {
        return mute != null && (mute.getUntilMillis() == FOR_EVER || mute.getUntilMillis() > nowMillis);
    }

    /** Those of the conversations that are muted now. */
    public static List<Muted> among(UserState state, List<ConversationId> conversations, long nowMillis) {
        return conversations.stream()
                .filter(conversation -> isOn(state.push().mute(conversation), nowMillis))
                .map(conversation -> {
                    MuteRow mute = state.push().mute(conversation);
                    return Muted.newBuilder()
                            .setConversation(conversation.value())
                            .setUntilMillis(mute == null ? 0 : mute.getUntilMillis())
                            .setExceptMentions(mute != null && mute.getExceptMentions())
                            .build();
                })
                .toList();
    }
}
