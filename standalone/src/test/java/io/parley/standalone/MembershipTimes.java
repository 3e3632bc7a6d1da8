package io.parley.standalone;

import io.parley.audit.Membership;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.standalone.EnduringDevice.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** When somebody who comes and goes was a member, and what of that their only device was owed. */
final class MembershipTimes {
    private final UserId user;
    private final List<Received> received;

    /** @param received what the user's device got */
    MembershipTimes(UserId user, List<Received> received) {
        this.user = user;
        this.received = received;
    }

    /**
     * The times that history tells. Who is removed while the device is cut from its node is not owed what it had not got by then: such a
     * time ends with the last that came.
     */
    List<Membership> of(List<ChatEvent> history) {
        List<Membership> times = new ArrayList<>();
        int first = 0;
        for (ChatEvent event : history) {
            if (event.getMembersAdded().getUsersList().contains(user.value())) {
                first = event.getSeq();
            } else if (event.getMembersRemoved().getUsersList().contains(user.value())) {
                int start = first;
                owed(start, event.getSeq()).ifPresent(last -> times.add(new Membership(user.value(), start, last)));
                first = 0;
            }
        }
        if (first > 0) {
            times.add(new Membership(user.value(), first, Integer.MAX_VALUE));
        }
        return times;
    }

    private OptionalInt owed(int first, int removal) {
        OptionalInt before = received.stream()
                .filter(one -> one.event().getSeq() <= removal)
                .mapToInt(Received::connection)
                .max();
        OptionalInt after = received.stream()
                .filter(one -> one.event().getSeq() > removal)
                .mapToInt(Received::connection)
                .min();
        boolean wasCut = before.isPresent() && after.isPresent() && before.getAsInt() < after.getAsInt();
        return wasCut
                ? received.stream()
                        .mapToInt(one -> one.event().getSeq())
                        .filter(seq -> first <= seq && seq <= removal)
                        .max()
                : OptionalInt.of(removal);
    }
}
