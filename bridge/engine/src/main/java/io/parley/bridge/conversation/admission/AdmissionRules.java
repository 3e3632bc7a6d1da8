package io.parley.bridge.conversation.admission;

import static io.parley.bridge.Replies.refusal;

import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.attach.DeviceRules;
import io.parley.bridge.conversation.message.MessageRules;
import io.parley.bridge.state.Asking;
import io.parley.protocol.UserId;
import io.parley.protocol.log.AdmissionRefused;
import io.parley.protocol.log.Admitted;
import io.parley.protocol.log.AskAdmission;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a conversation of two begins. A node asks before it appends the first message, so no row ever holds a message. The conversation asks the
 * machine of the user who has the message, which asks the other's, and answers every connection that waits. Each of the two who has a message asks; one
 * admission is enough for both. It holds until the first event, or until its time is over.
 *
 * <pre>
 * no row ──Attach to write──▶ asking ──Admitted──▶ admitted ──first event──▶ no row
 *                               └──refused, blocked, erased, over──▶ no row ◀──blocked, erased, over──┘
 * </pre>
 */
public final class AdmissionRules implements ConversationHandlers.Feature {
    /** The most connections of one user that are answered. One that is not asks again. */
    public static final int MOST_ASKERS = 64;

    private static final Attach TO_WRITE =
            Attach.newBuilder().setRightsOnly(true).setToWrite(true).build();

    private final MessageRules messages;

    public AdmissionRules(MessageRules messages) {
        this.messages = messages;
    }

    @Override
    public void register(ConversationHandlers handlers) {
        handlers.before(CommandCase.SEND_MESSAGE, this::write)
                .before(CommandCase.ADMITTED, (state, command, now) -> admitted(state, command.getAdmitted()))
                .before(
                        CommandCase.ADMISSION_REFUSED,
                        (state, command, now) -> refused(state, command.getAdmissionRefused()))
                .before(CommandCase.ADMISSION_OVER, (state, command, now) -> over(state))
                .before(CommandCase.BLOCK_CHANGED, (state, command, now) -> block(state, command.getBlockChanged()))
                .before(
                        CommandCase.ERASE_MEMBER,
                        (state, command, now) -> erase(
                                state, UserId.parse(command.getEraseMember().getUser())))
                .before(
                        CommandCase.ATTACH,
                        (state, command, now) -> attach(state, command.getOrigin(), command.getAttach(), now))
                .before(CommandCase.SET_RETENTION, (state, command, now) -> refuseSetting(state, command))
                .before(CommandCase.SET_READ_RECEIPTS, (state, command, now) -> refuseSetting(state, command));
        // Late: the conversation began with another answer.
        for (CommandCase kind :
                List.of(CommandCase.ADMITTED, CommandCase.ADMISSION_REFUSED, CommandCase.ADMISSION_OVER)) {
            handlers.on(kind, (state, command, now) -> Decision.none());
        }
    }

    /** Whether the conversation is one of two in which nothing was said. */
    public static boolean isBefore(ConversationState state) {
        return state.id().isDirect() && state.head().getSeq() == 0;
    }

    /** Whether both users' machines agreed that it may begin. */
    private static boolean isAdmitted(ConversationState state) {
        return state.members().stream()
                .map(state::asking)
                .filter(Objects::nonNull)
                .anyMatch(Asking::getAdmitted);
    }

    /**
     * Answers who attaches, without a route: with the first message, the user machine attaches what asks for the conversation. Who has a message is
     * answered when both users' machines have decided.
     */
    public Decision attach(ConversationState state, Origin origin, Attach attach, long nowMillis) {
        UserId user = UserId.parse(origin.getUser());
        boolean member = state.member(user) != null;
        if (!member || !attach.getToWrite() || isAdmitted(state)) {
            return Decision.of(
                    answer(state, origin, DeviceRules.answer(origin, attach).setMember(member)));
        }
        Asking asking = state.asking(user);
        Asking.Builder now = asking == null ? Asking.newBuilder().setAskedAtMillis(nowMillis) : asking.toBuilder();
        List<Origin> askers = with(now.getAskersList(), origin);
        Decision decision = Decision.none()
                .and(new Change.AskingSet(
                        user, now.clearAskers().addAllAskers(askers).build()));
        return asking == null ? decision.and(ask(state, user, nowMillis)) : decision;
    }

    private static List<Origin> with(List<Origin> askers, Origin one) {
        List<Origin> all = new ArrayList<>(askers);
        all.removeIf(other -> other.getNode().equals(one.getNode()) && other.getConnection() == one.getConnection());
        all.add(one);
        return all.subList(Math.max(0, all.size() - MOST_ASKERS), all.size());
    }

    private static Effect ask(ConversationState state, UserId by, long nowMillis) {
        return new Effect.TellUser(
                by,
                UserCommand.newBuilder()
                        .setAskAdmission(AskAdmission.newBuilder()
                                .setConversation(state.id().value())
                                .setAskedAtMillis(nowMillis))
                        .build());
    }

    /** Both machines agree: either of the two may write. */
    public Decision admitted(ConversationState state, Admitted admitted) {
        Decision decision = Decision.none();
        if (!isAsked(state, admitted.getUser(), admitted.getAskedAtMillis())) {
            return decision;
        }
        for (UserId user : asking(state)) {
            decision.and(
                    user.value().equals(admitted.getUser())
                            ? new Change.AskingSet(
                                    user,
                                    Asking.newBuilder()
                                            .setAskedAtMillis(admitted.getAskedAtMillis())
                                            .setAdmitted(true)
                                            .build())
                            : new Change.AskingEnded(user));
            answerAll(decision, state, user, null);
        }
        return decision;
    }

    /** One of the two may not begin it. The other has a question of their own. */
    public Decision refused(ConversationState state, AdmissionRefused refused) {
        return isAsked(state, refused.getUser(), refused.getAskedAtMillis())
                ? end(Decision.none(), state, UserId.parse(refused.getUser()), refused.getError())
                : Decision.none();
    }

    /** No answer came in time, or no message. Whoever waits has given up by now. */
    public Decision over(ConversationState state) {
        Decision decision = Decision.none();
        asking(state).forEach(user -> decision.and(new Change.AskingEnded(user)));
        return decision;
    }

    /** One of the two is erased. The other asks again. */
    public Decision erase(ConversationState state, UserId user) {
        return state.member(user) == null
                ? Decision.none()
                : end(
                        state,
                        refusal(
                                ErrorCode.UNAVAILABLE,
                                "it is not decided whether the conversation may begin: send the message again"));
    }

    /** What was decided holds no more. Each user's machine knows whom the user blocks, and decides the next question by that. */
    public Decision block(ConversationState state, BlockChanged block) {
        return block.getBlocked()
                ? end(state, refusal(ErrorCode.NOT_ALLOWED, "you cannot write to this user"))
                : Decision.none();
    }

    /** The first message, from a node that was answered; or what a node appends that did not ask. */
    public Decision write(ConversationState state, ConversationCommand command, long nowMillis) {
        boolean member = state.member(UserId.parse(command.getOrigin().getUser())) != null;
        if (member && !isAdmitted(state)) {
            return MessageRules.refused(
                    state,
                    command,
                    refusal(ErrorCode.UNAVAILABLE, "the conversation has not begun: send the message again"));
        }
        Decision decision = messages.publish(state, command, nowMillis);
        if (decision.changes().stream().anyMatch(Change.Sequenced.class::isInstance)) {
            asking(state).forEach(user -> decision.and(new Change.AskingEnded(user)));
        }
        return decision;
    }

    private static Decision end(ConversationState state, Error.Builder error) {
        Decision decision = Decision.none();
        asking(state).forEach(user -> end(decision, state, user, error.build()));
        return decision;
    }

    private static Decision end(Decision decision, ConversationState state, UserId user, Error error) {
        decision.and(new Change.AskingEnded(user));
        return answerAll(decision, state, user, error);
    }

    /** Tells every connection of the user that waits. */
    private static Decision answerAll(
            Decision decision, ConversationState state, UserId user, @Nullable Error refused) {
        Asking asking = state.asking(user);
        for (Origin asker : asking == null ? List.<Origin>of() : asking.getAskersList()) {
            Attached.Builder answer = DeviceRules.answer(asker, TO_WRITE).setMember(refused == null);
            if (refused != null) {
                answer.setRefused(refused);
            }
            decision.and(answer(state, asker, answer));
        }
        return decision;
    }

    private static Effect answer(ConversationState state, Origin origin, Attached.Builder answer) {
        return DeviceRules.deliver(state, origin.getNode(), answer);
    }

    /** Whether that very question has no answer yet. */
    private static boolean isAsked(ConversationState state, String user, long askedAtMillis) {
        Asking asking = state.asking(UserId.parse(user));
        return asking != null && !asking.getAdmitted() && asking.getAskedAtMillis() == askedAtMillis;
    }

    private static List<UserId> asking(ConversationState state) {
        return state.members().stream()
                .filter(user -> state.asking(user) != null)
                .toList();
    }

    /** A setting is no message. */
    public static Decision refuseSetting(ConversationState state, ConversationCommand command) {
        boolean member = state.member(UserId.parse(command.getOrigin().getUser())) != null;
        return Decision.of(Replies.error(
                command.getOrigin(),
                command.getRequestId(),
                member
                        ? refusal(
                                ErrorCode.NOT_FOUND, "nothing was said in " + state.id() + " yet: send a message first")
                        : refusal(ErrorCode.NOT_A_MEMBER, "you are not a member of " + state.id())));
    }
}
