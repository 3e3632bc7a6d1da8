package io.parley.bridge.conversation.retention;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Position;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.log.PointersMoved;
import io.parley.protocol.wire.Retention;
import java.time.Duration;
import java.util.List;

/**
 * How long messages are kept. What expires with time, storage lets expire; what goes when all have it goes here: some seconds after a device
 * acknowledged, everything that each active device of each member has.
 */
public final class RetentionRules {
    /** Acknowledgements are gathered for so long. */
    private static final long GATHER_MILLIS = 10_000;

    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private final ConversationLimits limits;

    public RetentionRules(ConversationLimits limits) {
        this.limits = limits;
    }

    /** How long what is sent now is kept: as the conversation says, as far as the server allows. */
    public Keeping of(ConversationState state) {
        return of(state.head().getRetention());
    }

    /** The same of what a conversation may say. */
    public Keeping of(Retention set) {
        int maximum = limits.retentionMaximumDays();
        return switch (set.getKeepCase()) {
            // No device that counts holds a message back for longer.
            case UNTIL_DELIVERED ->
                days(limits.deviceActiveDays(), maximum).toBuilder()
                        .setUntilDelivered(true)
                        .build();
            case DAYS -> days(set.getDays(), maximum);
            case FOREVER -> days(0, maximum);
            case KEEP_NOT_SET -> days(limits.retentionDefaultDays(), maximum);
        };
    }

    /** 0 stands for ever. */
    private static Keeping days(int days, int maximum) {
        int shorter = days == 0 ? maximum : maximum == 0 ? days : Math.min(days, maximum);
        return Keeping.newBuilder().setDays(shorter).build();
    }

    /** Adds to a decision that it is to be seen soon what can go, if that could be more now. */
    public Decision follow(ConversationState state, Decision decision, long nowMillis) {
        boolean concerns = decision.changes().stream()
                .anyMatch(change -> change instanceof Change.CursorMoved
                        || change instanceof Change.PointersMoved
                        || change instanceof Change.DeviceForgotten
                        || (change instanceof Change.Sequenced sequenced && letsGo(sequenced)));
        if (!concerns || state.purgeDueMillis() != 0 || !untilDelivered(state, decision)) {
            return decision;
        }
        return decision.and(new Change.PurgeDueSet(nowMillis + GATHER_MILLIS));
    }

    private static boolean letsGo(Change.Sequenced change) {
        return switch (change.event().getBodyCase()) {
            case RETENTION_CHANGED, MEMBERS_REMOVED, MEMBER_LEFT, USER_ERASED -> true;
            default -> false;
        };
    }

    private boolean untilDelivered(ConversationState state, Decision decision) {
        for (Change change : decision.changes()) {
            if (change instanceof Change.Sequenced sequenced
                    && sequenced.event().hasRetentionChanged()) {
                return sequenced.event().getRetentionChanged().getRetention().hasUntilDelivered();
            }
        }
        return of(state).getUntilDelivered();
    }

    /** Lets go what all have. */
    public Decision purge(ConversationState state, long nowMillis) {
        Decision decision = Decision.none().and(new Change.PurgeDueSet(0));
        if (!of(state).getUntilDelivered()) {
            return decision;
        }
        int all = state.head().getSeq();
        for (UserId user : state.members()) {
            all = Math.min(all, received(state, user, day(nowMillis)));
        }
        return all <= state.head().getPurged()
                ? decision
                : decision.and(new Change.Purged(all))
                        .and(new Effect.StorePointers(
                                state.id(),
                                PointersMoved.newBuilder()
                                        .setPurged(all)
                                        .setPurgedAtMillis(
                                                Math.max(nowMillis, state.head().getAtMillis()) + 1)
                                        .build()));
    }

    /** Up to where a member has everything. Who comes with a first device gets what the user's other devices did not get. */
    private int received(ConversationState state, UserId user, int today) {
        List<Position> devices = state.positions(user);
        if (devices.isEmpty()) {
            Member member = state.member(user);
            int joined = member == null ? 1 : member.getJoined();
            return Math.max(state.pointers(user).getDelivered(), joined - 1);
        }
        return devices.stream()
                .filter(device -> today - device.getDay() <= limits.deviceActiveDays())
                .mapToInt(Position::getSeq)
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    /** Days since 1970. */
    public static int day(long nowMillis) {
        return (int) (nowMillis / DAY_MILLIS);
    }
}
