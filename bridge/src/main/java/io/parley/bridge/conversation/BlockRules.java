package io.parley.bridge.conversation;

import io.parley.bridge.state.Users;
import io.parley.protocol.UserId;
import io.parley.protocol.log.BlockChanged;
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
final class BlockRules {
    private final SignalRules signals;

    BlockRules(SignalRules signals) {
        this.signals = signals;
    }

    /** Whether one of the two of a conversation blocks the other. */
    static boolean isBlocked(ConversationState state) {
        return state.id().isDirect() && state.blockers().getUsersCount() > 0;
    }

    Decision block(ConversationState state, BlockChanged block) {
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
                .and(signals.untold(state, state.members(), state.members()));
    }

    /** Whom a member blocks is remembered even if it is nobody here: they may come. */
    private Decision inGroup(ConversationState state, BlockChanged block) {
        UserId by = UserId.parse(block.getBy());
        if (state.member(by) == null) {
            return Decision.none();
        }
        TreeSet<String> blocked = new TreeSet<>(state.blocked(by).getUsersList());
        boolean changed = block.getBlocked()
                ? blocked.addAll(block.getUsersList())
                : block.getUsersList().stream().filter(blocked::remove).count() > 0;
        if (!changed) {
            return Decision.none();
        }
        Decision decision = Decision.none()
                .and(new Change.BlockedSet(
                        by, Users.newBuilder().addAllUsers(blocked).build()));
        List<UserId> others = SignalRules.members(state, block.getUsersList());
        if (others.isEmpty() || state.routes().isEmpty()) {
            return decision;
        }
        List<UserId> seen = new ArrayList<>(others);
        seen.add(by);
        return decision.and(signals.untold(state, List.of(), seen));
    }

    /**
     * Which members do not see those of these users, and are not seen by them. Users of whom there is nobody are left out.
     *
     * @param most of whoever has more than so many, just one more is told
     */
    static Map<UserId, Set<String>> apart(ConversationState state, Collection<UserId> users, int most) {
        Map<UserId, Set<String>> from = new TreeMap<>();
        if (isBlocked(state)) {
            users.forEach(user -> state.members().stream()
                    .filter(other -> !other.equals(user))
                    .forEach(other -> add(from, user, other, most)));
        }
        Map<UserId, Users> blocked = state.blocked();
        if (blocked.isEmpty()) {
            return from;
        }
        Set<UserId> asked = new HashSet<>(users);
        Set<UserId> members = new HashSet<>(state.members());
        blocked.forEach((by, list) -> {
            for (String name : list.getUsersList()) {
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
