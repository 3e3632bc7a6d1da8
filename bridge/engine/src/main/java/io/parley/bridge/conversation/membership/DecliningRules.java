package io.parley.bridge.conversation.membership;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.sequence.Sequencer;
import io.parley.bridge.state.Declined;
import io.parley.bridge.state.Member;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import io.parley.protocol.log.MemberDeclined;
import io.parley.protocol.log.MembersDeclined;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.MembersRemoved;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Users who were added to a group, and whose machines declined: they are unknown, or in too many conversations. They are removed again in the name
 * of who added them, those that gathered within a second with one event, {@value #SLICE} at most: the engine's clock goes on with the others. Who added them
 * is told.
 */
public final class DecliningRules implements ConversationHandlers.Feature {
    /** The most who are removed by one decision: of each, rows of many kinds are looked for, and everybody else's commands wait behind that. */
    public static final int SLICE = 64;

    private final Sequencer sequencer;
    private final MembershipRules membership;

    public DecliningRules(Sequencer sequencer, MembershipRules membership) {
        this.sequencer = sequencer;
        this.membership = membership;
    }

    @Override
    public void register(ConversationHandlers handlers) {
        handlers.on(CommandCase.MEMBER_DECLINED, (state, command, now) -> declined(state, command.getMemberDeclined()))
                .on(CommandCase.REMOVE_DECLINED, (state, command, now) -> remove(state, now));
    }

    public Decision declined(ConversationState state, MemberDeclined declined) {
        UserId user = UserId.parse(declined.getUser());
        Member member = state.member(user);
        // Who was removed meanwhile, and added again, is asked again.
        return state.id().isDirect() || member == null || member.getJoined() != declined.getSeq()
                ? Decision.none()
                : Decision.none()
                        .and(new Change.DeclinedSet(
                                user,
                                Declined.newBuilder()
                                        .setBy(declined.getBy())
                                        .setSeq(declined.getSeq())
                                        .setCode(declined.getCode())
                                        .build()));
    }

    public Decision remove(ConversationState state, long nowMillis) {
        Decision decision = Decision.none();
        Map<String, List<UserId>> byAdder = new TreeMap<>();
        Map<String, Map<ErrorCode, List<String>>> news = new TreeMap<>();
        List<String> all = new ArrayList<>();
        state.declined(SLICE).forEach((user, declined) -> {
            decision.and(new Change.DeclinedSettled(user));
            Member member = state.member(user);
            if (member != null && member.getJoined() == declined.getSeq()) {
                all.add(user.value());
                byAdder.computeIfAbsent(declined.getBy(), by -> new ArrayList<>())
                        .add(user);
                news.computeIfAbsent(declined.getBy(), by -> new TreeMap<>())
                        .computeIfAbsent(declined.getCode(), code -> new ArrayList<>())
                        .add(user.value());
            }
        });
        byAdder.forEach((by, users) -> {
            List<String> names = users.stream().map(UserId::value).toList();
            ChatEvent.Builder event = ChatEvent.newBuilder()
                    .setMembersRemoved(MembersRemoved.newBuilder().addAllUsers(names));
            int seq = sequencer.nextSeq(decision, state);
            sequencer.sequence(decision, state, UserId.parse(by), event, nowMillis, names);
            // Who declined knows nothing of the membership, but may have to know that a device of theirs was there
            // meanwhile.
            users.stream()
                    .filter(user -> !state.positions(user).isEmpty())
                    .forEach(user -> decision.and(MembershipRules.left(state, user, UserId.parse(by), seq)));
        });
        if (!all.isEmpty()) {
            UserId by = UserId.parse(byAdder.keySet().iterator().next());
            membership.handOver(decision, state, by, Set.copyOf(all), nowMillis);
        }
        news.forEach((by, codes) -> codes.forEach((code, users) -> decision.and(tell(state, by, code, users))));
        return decision;
    }

    private static Effect tell(ConversationState state, String by, ErrorCode code, List<String> users) {
        return new Effect.TellUser(
                UserId.parse(by),
                UserCommand.newBuilder()
                        .setMembersDeclined(MembersDeclined.newBuilder()
                                .setConversation(state.id().value())
                                .setCode(code)
                                .addAllUsers(users))
                        .build());
    }
}
