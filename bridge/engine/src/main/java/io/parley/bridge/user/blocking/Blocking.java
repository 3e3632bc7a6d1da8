package io.parley.bridge.user.blocking;

import static io.parley.bridge.Replies.refusal;

import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserLimits;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.admission.Spending;
import io.parley.bridge.user.invitation.InvitationRules;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.TellBlock;
import io.parley.protocol.log.TellBlocks;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.UserCommand.CommandCase;
import io.parley.protocol.wire.ErrorCode;
import java.util.List;

/**
 * Whom a user blocks. The conversation of the two and each group of the user are told of what changed, and not of the rest. Groups are told a slice at a time: each
 * slice tells what holds then, so that of changes that follow each other closely the last one is told last.
 */
public final class Blocking implements UserHandlers.Feature {
    /** The most conversations that one decision looks at, and so the most groups that it tells. */
    static final int SLICE = 200;

    private final UserLimits limits;
    private final Spending spending;

    public Blocking(UserLimits limits, Spending spending) {
        this.limits = limits;
        this.spending = spending;
    }

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(
                        CommandCase.BLOCK,
                        (state, command, now) ->
                                change(state, command, command.getBlock().getUser(), true, now))
                .on(
                        CommandCase.UNBLOCK,
                        (state, command, now) ->
                                change(state, command, command.getUnblock().getUser(), false, now))
                .on(CommandCase.TELL_BLOCK, (state, command, now) -> tellGroups(state, command.getTellBlock()))
                .on(CommandCase.TELL_BLOCKS, (state, command, now) -> among(state, command.getTellBlocks()));
    }

    public UserDecision change(UserState state, UserCommand command, String name, boolean blocked, long nowMillis) {
        if (!UserId.isValid(name) || name.equals(state.id().value())) {
            return refused(command, ErrorCode.BAD_REQUEST, "user must name another user: 1-64 of [a-z0-9_.-]");
        }
        UserId other = UserId.parse(name);
        UserDecision decision = UserDecision.none();
        if (state.blocks(other) != blocked) {
            int before = state.blocked().getUsersCount();
            if (blocked && before >= limits.blocked()) {
                return refused(command, ErrorCode.BAD_REQUEST, "a user blocks " + limits.blocked() + " users at most");
            }
            UserChange spent = spending.toldSetting(state, nowMillis);
            if (spent == null) {
                return spending.tooManySettings(command);
            }
            decision.and(spent).and(new UserChange.BlockSet(other, blocked));
            if (blocked) {
                InvitationRules.end(decision, state, other);
            }
            decision.and(new Effect.TellConversation(
                    ConversationId.direct(state.id(), other), changed(state, blocked, List.of(name))));
            slice(decision, state, block(state, blocked, List.of(name)).setAny(blocked || before > 1), "");
        }
        return decision.and(Replies.ok(command.getOrigin(), command.getRequestId()));
    }

    /** Goes on with groups that an earlier decision did not reach. */
    public static UserDecision tellGroups(UserState state, TellBlock tell) {
        UserDecision decision = UserDecision.none();
        boolean blocked = state.blocks(UserId.parse(tell.getUser()));
        boolean any = blocked || state.blocked().getUsersCount() > 0;
        slice(decision, state, block(state, blocked, List.of(tell.getUser())).setAny(any), tell.getAfter());
        return decision;
    }

    /** Tells some, and asks the user to go on with the next ones: other users' commands come in between. */
    private static void slice(UserDecision decision, UserState state, BlockChanged.Builder changed, String after) {
        List<ConversationId> next = state.conversations(after, SLICE);
        next.stream()
                .filter(conversation -> !conversation.isDirect())
                .forEach(group -> decision.and(tell(group, changed.setJoined(state.joined(group)))));
        if (next.size() == SLICE) {
            TellBlock.Builder rest = TellBlock.newBuilder()
                    .setUser(changed.getUsers(0))
                    .setAfter(next.get(SLICE - 1).value());
            decision.and(new Effect.TellUser(
                    state.id(), UserCommand.newBuilder().setTellBlock(rest).build()));
        }
    }

    /**
     * What a group that the user came into is told, before anything is shown to or of the user there.
     *
     * @param seq with which the user came
     */
    public static void introduce(UserDecision decision, UserState state, ConversationId conversation, int seq) {
        List<String> blocked = state.blocked().getUsersList();
        if (!conversation.isDirect() && !blocked.isEmpty()) {
            decision.and(
                    tell(conversation, block(state, true, blocked).setAny(true).setJoined(seq)));
        }
    }

    /** Users were added to a group of the user. */
    public static UserDecision among(UserState state, TellBlocks ask) {
        List<String> blocked = ask.getUsersList().stream()
                .filter(name -> state.blocks(UserId.parse(name)))
                .toList();
        ConversationId group = ConversationId.parse(ask.getConversation());
        UserDecision decision = UserDecision.none();
        // Who does not know yet of being a member tells all then.
        return blocked.isEmpty() || !state.isIn(group)
                ? decision
                : decision.and(
                        tell(group, block(state, true, blocked).setAny(true).setJoined(state.joined(group))));
    }

    /** What a conversation of two is told. */
    public static ConversationCommand changed(UserState state, boolean blocked, List<String> users) {
        return ConversationCommand.newBuilder()
                .setBlockChanged(block(state, blocked, users))
                .build();
    }

    private static BlockChanged.Builder block(UserState state, boolean blocked, List<String> users) {
        return BlockChanged.newBuilder()
                .setBy(state.id().value())
                .setBlocked(blocked)
                .addAllUsers(users);
    }

    private static Effect tell(ConversationId conversation, BlockChanged.Builder changed) {
        return new Effect.TellConversation(
                conversation,
                ConversationCommand.newBuilder().setBlockChanged(changed).build());
    }

    private static UserDecision refused(UserCommand command, ErrorCode code, String reason) {
        return UserDecision.none()
                .and(Replies.error(command.getOrigin(), command.getRequestId(), refusal(code, reason)));
    }
}
