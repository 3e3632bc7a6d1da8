package io.parley.gateway.delivering;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What one connection has to tell the engine of what its device acknowledged. On its shard. */
final class Cursors {
    private static final int DAY_ROUNDS = (int) (TimeUnit.DAYS.toMillis(1) / Shard.ROUND_MILLIS);

    /** Where so many connections of a shard are, messages may come at any time: it is said at their ends that they have everything. */
    private static final int FEW = 8;

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
        moved.forEach(progress -> {
            report(progress, reports);
            settleFirst(progress, reports);
        });
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
            settle(progress, reports);
            // What connections before this one were sent, too: this one may not have come so far.
            int sent = Math.max(progress.next - 1, progress.sentBefore);
            if (sent > progress.acknowledged) {
                reports.addSent(progress.conversation, session, sent);
            }
        }
    }

    /** Tells of one conversation without waiting for the turn. */
    void reportAtOnce(Progress progress) {
        shard.reportNow(
                reports -> {
                    report(progress, reports);
                    settle(progress, reports);
                },
                complete -> {});
    }

    /**
     * Says now that the device has everything of these conversations.
     *
     * @param done called once on the shard when the log has it; not if it cannot take it now
     */
    void settleAll(Collection<Progress> idle, Runnable done) {
        shard.reportNow(
                reports -> idle.forEach(progress -> {
                    reports.include(progress.conversation);
                    settle(progress, reports);
                }),
                complete -> {
                    if (complete) {
                        shard.loop().execute(done);
                    }
                });
    }

    /** What comes from now on wakes the user machine. */
    private void settle(Progress progress, CursorReports reports) {
        if (!progress.isEnding() && (progress.settled < progress.head || !progress.isCaughtUp())) {
            progress.settled = progress.has();
            reports.addSettled(
                    progress.conversation,
                    session,
                    progress.settled,
                    session.subscriptions().wantsSignals(progress.conversation));
        }
    }

    private void report(Progress progress, CursorReports reports) {
        if (progress.acknowledged > progress.reported) {
            progress.reported = progress.acknowledged;
            reports.add(progress.conversation, session, progress.acknowledged);
        }
    }

    /** Most connections get nothing more here than what was missed: then nothing is left to say at their ends. */
    private void settleFirst(Progress progress, CursorReports reports) {
        if (progress.settled < 0 && progress.isCaughtUp() && shard.listeners(progress.conversation) < FEW) {
            settle(progress, reports);
        }
    }
}
