package io.parley.bridge.user.admission;

import static io.parley.bridge.Replies.refusal;
import static io.parley.bridge.user.Connections.isConnected;
import static io.parley.bridge.user.Connections.tell;

import io.parley.bridge.Effect;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserLimits;
import io.parley.bridge.user.UserState;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.AdmissionRefused;
import io.parley.protocol.log.Admit;
import io.parley.protocol.log.Admitted;
import io.parley.protocol.log.AskAdmission;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.MemberDeclined;
import io.parley.protocol.log.MembersDeclined;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.UserCommand.CommandCase;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which conversations a user gets. A conversation of two begins when both users' machines agree: first that of who writes the first message, which
 * counts it, then the other's. Of a group that others found or add the user to, the user's machine declines the membership.
 */
public final class AdmissionRules implements UserHandlers.Feature {
    /** How many names an error lists. */
    private static final int NAMES = 10;

    private final UserLimits limits;
    private final Spending spending;

    public AdmissionRules(UserLimits limits, Spending spending) {
        this.limits = limits;
        this.spending = spending;
    }

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(CommandCase.ASK_ADMISSION, (state, command, now) -> ask(state, command.getAskAdmission(), now))
                .on(CommandCase.ADMIT, (state, command, now) -> admit(state, command.getAdmit()))
                .on(
                        CommandCase.MEMBERS_DECLINED,
                        (state, command, now) -> declined(state, command.getMembersDeclined()))
                .on(CommandCase.KNOW_USER, (state, command, now) -> know(state, now));
    }

    /** The user writes the first message of a conversation of two. */
    public UserDecision ask(UserState state, AskAdmission ask, long nowMillis) {
        ConversationId conversation = ConversationId.parse(ask.getConversation());
        UserId other = other(conversation, state.id());
        Error.Builder error = refuseOwn(state, other);
        UserChange spent = error == null ? spending.conversation(state, nowMillis) : null;
        if (error == null && spent == null) {
            error = refusal(
                    ErrorCode.RATE_LIMITED,
                    "you began " + limits.conversationsAnHour()
                            + " conversations within an hour, the most that one user may: wait some minutes");
        }
        if (error != null || spent == null) {
            return refused(conversation, state.id().value(), ask.getAskedAtMillis(), error);
        }
        return UserDecision.none()
                .and(spent)
                .and(new Effect.TellUser(
                        other,
                        UserCommand.newBuilder()
                                .setAdmit(Admit.newBuilder()
                                        .setConversation(conversation.value())
                                        .setBy(state.id().value())
                                        .setAskedAtMillis(ask.getAskedAtMillis()))
                                .build()));
    }

    private Error.@Nullable Builder refuseOwn(UserState state, UserId other) {
        if (state.blocks(other)) {
            return cannotWrite();
        }
        return isFull(state)
                ? refusal(
                        ErrorCode.NOT_ALLOWED,
                        "you are in " + limits.conversations() + " conversations, the most that one user may be in")
                : null;
    }

    /** Somebody writes the first message of a conversation with the user. */
    public UserDecision admit(UserState state, Admit admit) {
        ConversationId conversation = ConversationId.parse(admit.getConversation());
        Error.Builder error = refuse(state, UserId.parse(admit.getBy()));
        if (error != null) {
            return refused(conversation, admit.getBy(), admit.getAskedAtMillis(), error);
        }
        return UserDecision.none()
                .and(new Effect.TellConversation(
                        conversation,
                        ConversationCommand.newBuilder()
                                .setAdmitted(Admitted.newBuilder()
                                        .setUser(admit.getBy())
                                        .setAskedAtMillis(admit.getAskedAtMillis()))
                                .build()));
    }

    private Error.@Nullable Builder refuse(UserState state, UserId by) {
        if (isUnknown(state)) {
            return refusal(ErrorCode.NOT_FOUND, "there is no user " + state.id());
        }
        if (state.blocks(by)) {
            return cannotWrite();
        }
        return isFull(state)
                ? refusal(
                        ErrorCode.NOT_ALLOWED,
                        state.id() + " is in " + limits.conversations()
                                + " conversations, the most that one user may be in")
                : null;
    }

    /** Who is blocked is not told so, nor which of the two blocks. */
    private static Error.Builder cannotWrite() {
        return refusal(ErrorCode.NOT_ALLOWED, "you cannot write to this user");
    }

    private static UserDecision refused(
            ConversationId conversation, String by, long askedAtMillis, Error.@Nullable Builder error) {
        AdmissionRefused.Builder refused =
                AdmissionRefused.newBuilder().setUser(by).setAskedAtMillis(askedAtMillis);
        if (error != null) {
            refused.setError(error);
        }
        return UserDecision.none()
                .and(new Effect.TellConversation(
                        conversation,
                        ConversationCommand.newBuilder()
                                .setAdmissionRefused(refused)
                                .build()));
    }

    /** Why the user does not become a member of a group that somebody added them to; null: the user does. */
    public @Nullable ErrorCode refuses(UserState state, ConversationId conversation, JoinedConversation joined) {
        boolean asked = conversation.isDirect()
                || state.isIn(conversation)
                || joined.getBy().equals(state.id().value());
        if (asked) {
            return null;
        }
        if (isUnknown(state)) {
            return ErrorCode.NOT_FOUND;
        }
        if (isFull(state)) {
            return ErrorCode.NOT_ALLOWED;
        }
        return !joined.getAccepted() && isStranger(state, joined) ? ErrorCode.AWAITS_CONSENT : null;
    }

    /** Whether that one needs the user's consent: they have said nothing to each other, or the user blocks them. */
    private boolean isStranger(UserState state, JoinedConversation joined) {
        if (!limits.consent().ofStrangers()) {
            return false;
        }
        UserId by = UserId.parse(joined.getBy());
        return state.blocks(by) || !state.isIn(ConversationId.direct(state.id(), by));
    }

    /** The answer to who added the user. */
    public static UserDecision decline(
            UserState state, ConversationId conversation, JoinedConversation joined, ErrorCode code) {
        return UserDecision.none()
                .and(new Effect.TellConversation(
                        conversation,
                        ConversationCommand.newBuilder()
                                .setMemberDeclined(MemberDeclined.newBuilder()
                                        .setUser(state.id().value())
                                        .setBy(joined.getBy())
                                        .setSeq(joined.getSeq())
                                        .setCode(code))
                                .build()));
    }

    /** Users whom the user added to a group are no members of it. */
    public static UserDecision declined(UserState state, MembersDeclined declined) {
        List<String> users = declined.getUsersList();
        String named = String.join(", ", users.subList(0, Math.min(NAMES, users.size())))
                + (users.size() > NAMES ? " and " + (users.size() - NAMES) + " more" : "");
        String told = switch (declined.getCode()) {
            case NOT_FOUND -> "not added: " + named + " (there is no such user)";
            case AWAITS_CONSENT -> "invited: " + named + " (a member when they accept)";
            default -> "not added: " + named + " (in as many conversations as one user may be in)";
        };
        Reply.Builder reply = Reply.newBuilder()
                .setError(refusal(declined.getCode(), told).setConversation(declined.getConversation()));
        UserDecision decision = UserDecision.none();
        state.devices().forEach((name, device) -> {
            if (isConnected(device)) {
                decision.and(tell(state.id(), name, device, reply));
            }
        });
        return decision;
    }

    private static UserDecision know(UserState state, long nowMillis) {
        return state.isKnown() ? UserDecision.none() : UserDecision.none().and(new UserChange.MadeKnown(nowMillis));
    }

    /** Whether the user is in as many conversations as one may be in. */
    public boolean isFull(UserState state) {
        return state.conversationCount() >= limits.conversations();
    }

    private boolean isUnknown(UserState state) {
        return limits.unknownRefused() && !state.isKnown();
    }

    private static UserId other(ConversationId conversation, UserId user) {
        return conversation.first().equals(user) ? conversation.second() : conversation.first();
    }
}
