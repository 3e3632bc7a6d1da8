package io.parley.bridge.conversation.attach;

import io.parley.bridge.state.Position;
import io.parley.protocol.log.Absence;
import java.util.ArrayList;
import java.util.List;

/**
 * When a device's user was no member, as its position tells it. A position outlives the removal of its user, until the device acknowledged
 * everything up to the removal.
 */
public final class Absences {
    /** The most that a position has. With one more, what the device is owed from before the oldest is given up. */
    public static final int MAX = 8;

    private Absences() {}

    /** The user was removed with that event, which the device still gets. */
    public static Position begin(Position position, int removedAt) {
        Position removed = position.toBuilder()
                .addAbsences(Absence.newBuilder().setFrom(removedAt + 1))
                .build();
        return movedTo(removed, position.getSeq());
    }

    /** The user was added again with that event. */
    public static Position end(Position position, int joined) {
        int last = position.getAbsencesCount() - 1;
        if (last < 0 || position.getAbsences(last).getTo() > 0) {
            return position;
        }
        Position.Builder added = position.toBuilder();
        if (position.getAbsences(last).getFrom() < joined) {
            added.getAbsencesBuilder(last).setTo(joined - 1);
        } else {
            added.removeAbsences(last);
        }
        return movedTo(added.build(), position.getSeq());
    }

    /** The device has everything up to that seq: absences that it comes to are stepped over. */
    static Position movedTo(Position position, int seq) {
        List<Absence> ahead = new ArrayList<>(position.getAbsencesList());
        int now = seq;
        while (!ahead.isEmpty()
                && ahead.get(0).getTo() > 0
                && (now >= ahead.get(0).getFrom() - 1 || ahead.size() > MAX)) {
            now = Math.max(now, ahead.remove(0).getTo());
        }
        return position.toBuilder()
                .setSeq(now)
                .clearAbsences()
                .addAllAbsences(ahead)
                .build();
    }

    /** Whether the user is no member, and the device has everything from before. */
    static boolean isDrained(Position position) {
        return position.getAbsencesCount() > 0
                && position.getAbsences(0).getTo() == 0
                && position.getSeq() >= position.getAbsences(0).getFrom() - 1;
    }
}
