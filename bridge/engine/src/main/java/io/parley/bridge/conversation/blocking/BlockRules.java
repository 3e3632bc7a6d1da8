package io.parley.bridge.conversation.blocking;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Users;
import io.parley.protocol.UserId;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import io.parley.protocol.log.TellBlocks;
import io.parley.protocol.log.UserCommand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What it means that one user blocks another. In a conversation of two neither writes to or sees the other; in a group neither sees whether the
 * other is there or types.
 */
public final class BlockRules implements ConversationHandlers.Feature {
    @Override
    public void register(ConversationHandlers handlers) {
        handlers.on(CommandCase.BLOCK_CHANGED, (state, command, now) -> block(state, command.getBlockChanged()));
    }

    /** Whether one of the two of a conversation blocks the other. */
    public static boolean isBlocked(ConversationState state) {
        return state.id().isDirect() && state.blockers().getUsersCount() > 0;
    }

    public Decision block(ConversationState state, BlockChanged block) {
        return state.id().isDirect() ? ofTwo(state, block) : inGroup(state, block);
    }

    private Decision ofTwo(ConversationState state, BlockChanged block) {
        TreeSet<String> blockers = new TreeSet<>(state.blockers().getUsersList());
        boolean changed = block.getBlocked() ? blockers.add(block.getBy()) : blockers.remove(block.getBy());
        if (!changed) {
            return Decision.none();
        }
        return Decision.none()
                .and(new Change.BlockersSet(
                        Users.newBuilder().addAllUsers(blockers).build()))
                .and(Change.UntoldSet.with(state, state.members(), state.members()));
    }

    /** Only whom of the members a member blocks is remembered; about who comes later, who blocks anybody is asked. */
    private Decision inGroup(ConversationState state, BlockChanged block) {
        UserId by = UserId.parse(block.getBy());
        Member own = state.member(by);
        boolean ofEarlier = own != null && block.getJoined() != 0 && block.getJoined() != own.getJoined();
        if (own == null || ofEarlier) {
            return Decision.none();
        }
        Decision decision = Decision.none();
        boolean any = block.getBlocked() || block.getAny();
        if (state.blocksAny(by) != any) {
            decision.and(new Change.BlocksAny(by, any));
        }
        List<UserId> others = new ArrayList<>();
        for (String user : new TreeSet<>(block.getUsersList())) {
            UserId other = UserId.parse(user);
            boolean member = state.member(other) != null;
            if (state.blocks(by, user) != block.getBlocked() && (member || !block.getBlocked())) {
                decision.and(new Change.PairBlocked(by, user, block.getBlocked()));
                if (member) {
                    others.add(other);
                }
            }
        }
        if (others.isEmpty() || state.routes().isEmpty()) {
            return decision;
        }
        List<UserId> seen = new ArrayList<>(others);
        seen.add(by);
        return decision.and(Change.UntoldSet.with(state, List.of(), seen));
    }

    /** Asks each member who blocks anybody whether these users, who were added, are among them. */
    public static void askAbout(Decision decision, ConversationState state, Collection<String> added) {
        UserCommand ask = UserCommand.newBuilder()
                .setTellBlocks(TellBlocks.newBuilder()
                        .setConversation(state.id().value())
                        .addAllUsers(added))
                .build();
        state.blocked().keySet().stream()
                .filter(state::blocksAny)
                .forEach(by -> decision.and(new Effect.TellUser(by, ask)));
    }

    /**
     * Which members do not see those of these users, and are not seen by them. Users of whom there is nobody are left out.
     *
     * @param most of whoever has more than so many, just one more is told
     */
    public static Map<UserId, Set<String>> apart(ConversationState state, Collection<UserId> users, int most) {
        Map<UserId, Set<String>> from = new TreeMap<>();
        if (isBlocked(state)) {
            users.forEach(user -> state.members().stream()
                    .filter(other -> !other.equals(user))
                    .forEach(other -> add(from, user, other, most)));
        }
        Map<UserId, Set<String>> blocked = state.blocked();
        if (blocked.isEmpty()) {
            return from;
        }
        Set<UserId> asked = new HashSet<>(users);
        Set<UserId> members = new HashSet<>(state.members());
        blocked.forEach((by, list) -> {
            for (String name : list) {
                UserId other = UserId.parse(name);
                if (members.contains(other)) {
                    if (asked.contains(by)) {
                        add(from, by, other, most);
                    }
                    if (asked.contains(other)) {
                        add(from, other, by, most);
                    }
                }
            }
        });
        return from;
    }

    private static void add(Map<UserId, Set<String>> from, UserId user, UserId other, int most) {
        Set<String> others = from.computeIfAbsent(user, key -> new TreeSet<>());
        if (others.size() <= most) {
            others.add(other.value());
        }
    }
}
