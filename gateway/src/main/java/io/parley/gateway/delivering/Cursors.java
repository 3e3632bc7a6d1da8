package io.parley.gateway.delivering;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What one connection has to tell the engine of what its device acknowledged. On its shard. */
final class Cursors {
    private static final int DAY_ROUNDS = (int) (TimeUnit.DAYS.toMillis(1) / Shard.ROUND_MILLIS);

    private final DeviceSession session;
    private final Shard shard;
    private Set<Progress> moved = new HashSet<>();
    /** Until the device is said to live, as it was when it came; not the same time for all. */
    private int roundsLeft;

    Cursors(DeviceSession session, Shard shard) {
        this.session = session;
        this.shard = shard;
        this.roundsLeft = DAY_ROUNDS / 2 + Math.floorMod(session.link().device().hashCode(), DAY_ROUNDS / 2);
    }

    /** More was acknowledged. */
    void moved(Progress progress) {
        moved.add(progress);
    }

    /** Tells what was acknowledged since the last time. */
    void report(CursorReports reports) {
        moved.forEach(progress -> report(progress, reports));
        moved = new HashSet<>();
    }

    /** Called once a round; once a day it tells every cursor, by which the engine sees that the device lives. */
    void reportLife(CursorReports reports, Collection<Progress> all) {
        roundsLeft--;
        if (roundsLeft == 0) {
            roundsLeft = DAY_ROUNDS;
            all.forEach(progress -> reports.add(progress.conversation, session, progress.acknowledged));
        }
    }

    /** The connection ended: tells what was acknowledged, and what more was sent. */
    void reportLast(CursorReports reports, Collection<Progress> all) {
        for (Progress progress : all) {
            reports.include(progress.conversation);
            report(progress, reports);
            // What connections before this one were sent, too: this one may not have come so far.
            int sent = Math.max(progress.next - 1, progress.sentBefore);
            if (sent > progress.acknowledged) {
                reports.addSent(progress.conversation, session, sent);
            }
        }
    }

    /** Tells of one conversation without waiting for the turn. */
    void reportAtOnce(Progress progress) {
        shard.reportNow(reports -> report(progress, reports), complete -> {});
    }

    private void report(Progress progress, CursorReports reports) {
        if (progress.acknowledged > progress.reported) {
            progress.reported = progress.acknowledged;
            reports.add(progress.conversation, session, progress.acknowledged);
        }
    }
}
