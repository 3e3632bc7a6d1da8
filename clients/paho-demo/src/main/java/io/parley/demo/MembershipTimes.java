package io.parley.demo;

import io.parley.audit.Membership;
import io.parley.protocol.wire.ChatEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** When somebody who comes and goes was a member, and what of that their only device was owed. */
public final class MembershipTimes {
    /**
     * Something came to the device.
     *
     * @param connection which connection of the device
     */
    public record Came(int connection, int seq) {}

    private final String user;
    private final List<Came> received;

    /** @param received what the user's device got, in its order */
    public MembershipTimes(String user, List<Came> received) {
        this.user = user;
        this.received = received;
    }

    /**
     * The times that history tells. A user who is removed while the device is cut from its node is not owed what the device had not got by then: such a
     * time ends with the last that came.
     */
    public List<Membership> of(List<ChatEvent> history) {
        List<Membership> times = new ArrayList<>();
        int first = 0;
        for (ChatEvent event : history) {
            if (event.getMembersAdded().getUsersList().contains(user)) {
                first = event.getSeq();
            } else if (event.getMembersRemoved().getUsersList().contains(user)
                    || event.getMemberLeft().getUser().equals(user)) {
                int start = first;
                owed(start, event.getSeq()).ifPresent(last -> times.add(new Membership(user, start, last)));
                first = 0;
            }
        }
        if (first > 0) {
            times.add(new Membership(user, first, Integer.MAX_VALUE));
        }
        return times;
    }

    private OptionalInt owed(int first, int end) {
        OptionalInt before = received.stream()
                .filter(one -> one.seq() <= end)
                .mapToInt(Came::connection)
                .max();
        OptionalInt after = received.stream()
                .filter(one -> one.seq() > end)
                .mapToInt(Came::connection)
                .min();
        boolean wasCut = before.isPresent() && after.isPresent() && before.getAsInt() < after.getAsInt();
        return wasCut
                ? received.stream()
                        .mapToInt(Came::seq)
                        .filter(seq -> first <= seq && seq <= end)
                        .max()
                : OptionalInt.of(end);
    }
}
