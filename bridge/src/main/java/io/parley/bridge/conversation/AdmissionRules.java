package io.parley.bridge.conversation;

import static io.parley.bridge.Replies.refusal;

import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.bridge.state.Asking;
import io.parley.bridge.state.Users;
import io.parley.bridge.state.WaitingMessage;
import io.parley.protocol.UserId;
import io.parley.protocol.log.AdmissionRefused;
import io.parley.protocol.log.Admitted;
import io.parley.protocol.log.AskAdmission;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Publication;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How a conversation of two begins. It has no row until one of the two writes. Messages then wait until both users' machines agree, and are sequenced in
 * the order in which they came. An edit, a deletion or a reaction that comes meanwhile waits, too, and is carried out after them. If a machine refuses, or
 * none answers, each sender is told for each message, and no row stays. Each of the two who writes asks; one admission is enough for both.
 */
final class AdmissionRules {
    private final ConversationRules rules;
    private final MessageRules messages;
    private final ConversationSizes sizes;

    AdmissionRules(ConversationRules rules, MessageRules messages, ConversationSizes sizes) {
        this.rules = rules;
        this.messages = messages;
        this.sizes = sizes;
    }

    /** Whether the conversation is one of two in which nothing was said. */
    static boolean isBefore(ConversationState state) {
        return state.id().isDirect() && state.head().getSeq() == 0;
    }

    /** The first messages wait. */
    Decision write(ConversationState state, Origin origin, Publication publication, long nowMillis) {
        UserId by = UserId.parse(origin.getUser());
        boolean later = isChange(publication)
                && state.member(by) != null
                && !asking(state).isEmpty();
        Error.Builder refused = later ? null : messages.refuse(state, origin, publication, nowMillis);
        if (refused != null) {
            return MessageRules.refused(state, origin, publication, refused);
        }
        WaitingMessage waiting = WaitingMessage.newBuilder()
                .setOrigin(origin)
                .setPublication(publication)
                .build();
        Asking asking = state.asking(by);
        Asking.Builder now = asking == null ? Asking.newBuilder().setAskedAtMillis(nowMillis) : asking.toBuilder();
        now.setMessages(now.getMessages() + 1)
                .setBytes(now.getBytes() + publication.getSerializedSize())
                .setNewest(newest(state) + 1);
        if (asking != null && (now.getMessages() > sizes.waitingMessages() || now.getBytes() > sizes.waitingBytes())) {
            return MessageRules.refused(
                    state,
                    origin,
                    publication,
                    refusal(
                            ErrorCode.RATE_LIMITED,
                            "the conversation has not begun yet, and too much waits for that: send it again in a moment"));
        }
        Decision decision = Decision.none()
                .and(new Change.AskingSet(by, now.build()))
                .and(new Change.MessageWaits(now.getNewest(), waiting));
        return asking == null ? decision.and(ask(state, by, nowMillis)) : decision;
    }

    /** Whether it is about another message, which must have its seq first. */
    private static boolean isChange(Publication publication) {
        return publication.hasEdit() || publication.hasDelete() || publication.hasReact();
    }

    /** The number of the newest message that waits, of whichever of the two. */
    private static int newest(ConversationState state) {
        return asking(state).stream()
                .map(state::asking)
                .filter(Objects::nonNull)
                .mapToInt(Asking::getNewest)
                .max()
                .orElse(0);
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

    /** Both machines agree: everything that waits is sequenced, whoever of the two wrote it. */
    Decision admitted(ConversationState state, Admitted admitted, long nowMillis) {
        Decision decision = Decision.none();
        if (!isAsked(state, admitted.getUser(), admitted.getAskedAtMillis())) {
            return decision;
        }
        if (BlockRules.isBlocked(state)) {
            // The block met the admission on its way.
            return end(state, refusal(ErrorCode.NOT_ALLOWED, "you cannot write to this user"));
        }
        Set<String> taken = new HashSet<>();
        state.waiting().forEach((number, waiting) -> {
            Publication publication = waiting.getPublication();
            decision.and(new Change.MessageSettled(number));
            if (!taken.add(waiting.getOrigin().getUser() + "/" + publication.getId())) {
                return;
            }
            if (isChange(publication)) {
                decision.and(again(state, waiting));
                return;
            }
            UserId by = UserId.parse(waiting.getOrigin().getUser());
            rules.sequence(decision, state, by, MessageRules.message(publication), nowMillis, List.of());
            decision.and(new Change.IdTaken(
                    by, waiting.getOrigin().getDevice(), publication.getId(), Math.max(nowMillis, 0) / 1000));
        });
        asking(state).forEach(user -> decision.and(new Change.AskingEnded(user)));
        return decision;
    }

    private static Effect again(ConversationState state, WaitingMessage waiting) {
        return new Effect.TellConversation(
                state.id(),
                ConversationCommand.newBuilder()
                        .setOrigin(waiting.getOrigin())
                        .setSendMessage(SendMessage.newBuilder().setPublication(waiting.getPublication()))
                        .build());
    }

    /** What one of the two wrote is refused. What the other wrote has its own question. */
    Decision refused(ConversationState state, AdmissionRefused refused) {
        return isAsked(state, refused.getUser(), refused.getAskedAtMillis())
                ? end(state, UserId.parse(refused.getUser()), refused.getError().toBuilder())
                : Decision.none();
    }

    /** No answer came in time. */
    Decision over(ConversationState state) {
        return end(
                state,
                refusal(
                        ErrorCode.UNAVAILABLE,
                        "whether the conversation may begin was not decided in time: send it again"));
    }

    /** What an erased user wrote was never said. */
    Decision erase(ConversationState state, UserId user) {
        return state.asking(user) == null ? Decision.none() : end(state, user, null);
    }

    /** While messages wait a block is remembered here; before and after, each user's machine knows whom the user blocks. */
    Decision block(ConversationState state, BlockChanged block) {
        TreeSet<String> blockers = new TreeSet<>(state.blockers().getUsersList());
        boolean changed = block.getBlocked()
                ? !asking(state).isEmpty() && blockers.add(block.getBy())
                : blockers.remove(block.getBy());
        return changed
                ? Decision.none()
                        .and(new Change.BlockersSet(
                                Users.newBuilder().addAllUsers(blockers).build()))
                : Decision.none();
    }

    private Decision end(ConversationState state, Error.Builder error) {
        Decision decision = Decision.none();
        asking(state).forEach(user -> end(decision, state, user, error));
        return forgetBlockers(decision, state);
    }

    private Decision end(ConversationState state, UserId user, Error.@Nullable Builder error) {
        Decision decision = Decision.none();
        end(decision, state, user, error);
        return asking(state).size() > 1 ? decision : forgetBlockers(decision, state);
    }

    private static void end(Decision decision, ConversationState state, UserId user, Error.@Nullable Builder error) {
        state.waiting().forEach((number, waiting) -> {
            if (!waiting.getOrigin().getUser().equals(user.value())) {
                return;
            }
            decision.and(new Change.MessageSettled(number));
            if (error != null) {
                Error.Builder own = error.clone()
                        .setMessageId(waiting.getPublication().getId())
                        .setConversation(state.id().value());
                decision.and(Replies.error(waiting.getOrigin(), "", own));
            }
        });
        decision.and(new Change.AskingEnded(user));
    }

    private static Decision forgetBlockers(Decision decision, ConversationState state) {
        return state.blockers().getUsersCount() == 0
                ? decision
                : decision.and(new Change.BlockersSet(Users.getDefaultInstance()));
    }

    /** Whether that very question has no answer yet. */
    private static boolean isAsked(ConversationState state, String user, long askedAtMillis) {
        Asking asking = state.asking(UserId.parse(user));
        return asking != null && asking.getAskedAtMillis() == askedAtMillis;
    }

    private static List<UserId> asking(ConversationState state) {
        return state.members().stream()
                .filter(user -> state.asking(user) != null)
                .toList();
    }

    /** A setting is no message. */
    static Decision refuseSetting(ConversationState state, ConversationCommand command) {
        boolean member = state.member(UserId.parse(command.getOrigin().getUser())) != null;
        return Decision.of(Replies.error(
                command.getOrigin(),
                command.getRequestId(),
                member
                        ? refusal(
                                ErrorCode.NOT_FOUND, "nothing was said in " + state.id() + " yet: send a message first")
                        : refusal(ErrorCode.NOT_A_MEMBER, "you are not a member of " + state.id())));
    }

    /** Who is in it is told so, and gets no route: with the first message, the user machine attaches what asks for the conversation. */
    static Decision attach(ConversationState state, ConversationCommand command) {
        Origin origin = command.getOrigin();
        boolean member = state.member(UserId.parse(origin.getUser())) != null;
        return Decision.of(DeviceRules.deliver(
                state,
                origin.getNode(),
                DeviceRules.answer(origin, command.getAttach()).setMember(member)));
    }
}
