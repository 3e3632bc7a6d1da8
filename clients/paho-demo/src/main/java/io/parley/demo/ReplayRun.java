package io.parley.demo;

import io.parley.audit.Auditor;
import io.parley.audit.Report;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * Replays a log as one group: every speaker is a device, every line is published in the log's order, a third of the members goes
 * offline for the middle third. Some lines are edited or deleted later, some get reactions. Everybody says now and then what they have read, and
 * some want to know it, and who is there and who types. Then it audits what everybody saw against what was sent and what history keeps, what
 * was told of receipts against what was acknowledged and read, and when some have left, who is shown to be there.
 */
public final class ReplayRun {
    private static final Duration QUIET = Duration.ofSeconds(30);
    private static final Duration READ_AGAIN = Duration.ofSeconds(5);
    /** As many members want to know what the others do: each is told of every other, so that more would mostly load this machine. */
    private static final int CURIOUS = 16;
    /** Larger groups carry no presence, unless a server is set up otherwise. */
    private static final int MOST_WITH_PRESENCE = 100;
    /** Longer than the platform waits before it calls somebody offline. */
    private static final Duration GRACE = Duration.ofSeconds(40);
    /** How long a device that polls is there after its last poll. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final DemoTarget target;
    private final IrcLog log;
    private final ReplayTransports transports;
    private final PrintStream out;
    private final String run = Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    private final Map<UserId, ReplayMember> members = new HashMap<>();

    private ReplayRun(DemoTarget target, IrcLog log, ReplayTransports transports, PrintStream out) {
        this.target = target;
        this.log = log;
        this.transports = transports;
        this.out = out;
    }

    /** Replays, prints what was seen, and returns what the audit found. */
    static Report run(DemoTarget target, IrcLog log, ReplayTransports transports, PrintStream out)
            throws DeviceException {
        if (log.lines().isEmpty()) {
            throw new DeviceException("the log has no line \"[HH:MM] <nick> text\"");
        }
        ReplayRun replay = new ReplayRun(target, log, transports, out);
        try {
            return replay.play();
        } finally {
            replay.members.values().parallelStream().forEach(ReplayMember::close);
        }
    }

    private Report play() throws DeviceException {
        List<UserId> speakers = log.speakers();
        out.println(log.lines().size() + " lines of " + speakers.size() + " speakers");
        ReplayBook book = new ReplayBook(createGroup(speakers), run, log.lines().size());
        Set<UserId> away = quietest(speakers);
        for (UserId speaker : speakers) {
            ReplayTransports.Choice choice = transports.next();
            DeviceId device = new DeviceId(speaker, choice.deviceName());
            int number = members.size();
            // An odd step, so that both MQTT versions are among them.
            boolean isCurious = number % (speakers.size() / CURIOUS | 1) == 0;
            ReplayMember.Role role = new ReplayMember.Role(away.contains(speaker), isCurious);
            members.put(speaker, new ReplayMember(target.turned(number), device, book, choice.maker(), role));
            book.joined(device, isCurious);
        }
        out.println(transports.describe());
        inParallel(new ArrayList<>(members.values()), ReplayMember::goOnline);
        out.println("everybody is online in group " + book.conversation());
        long startNanos = System.nanoTime();
        publishAll();
        int expected = 1 + log.lines().size() + book.changes().made();
        awaitDeliveries(book, expected);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        awaitReceipts(book);
        List<ChatEvent> history = awaitHistory(book, expected);
        boolean withPresence = speakers.size() <= MOST_WITH_PRESENCE;
        if (withPresence) {
            awaitPresence(book);
        }
        Report report = Auditor.audit(book.finish(history)).plus(book.company().report(withPresence));
        print(book, history.size(), seconds, report);
        return report;
    }

    private ConversationId createGroup(List<UserId> speakers) throws DeviceException {
        DeviceId founder = new DeviceId(speakers.get(0), "founder");
        return Groups.found(target, founder, "replay " + run, speakers.subList(1, speakers.size()));
    }

    private int middle() {
        return log.lines().size() / 3;
    }

    private int lastThird() {
        return log.lines().size() * 2 / 3;
    }

    /** The third of the speakers who say least in the middle third; who says something then comes back for it. */
    private Set<UserId> quietest(List<UserId> speakers) {
        Map<UserId, Long> lines = log.lines().subList(middle(), lastThird()).stream()
                .collect(Collectors.groupingBy(IrcLog.Line::speaker, Collectors.counting()));
        return speakers.stream()
                .sorted(Comparator.comparingLong(speaker -> lines.getOrDefault(speaker, 0L)))
                .limit(speakers.size() / 3)
                .collect(Collectors.toSet());
    }

    private void publishAll() throws DeviceException {
        List<ReplayMember> away =
                members.values().stream().filter(ReplayMember::isAway).toList();
        for (int i = 0; i < log.lines().size(); i++) {
            if (i == middle()) {
                out.println(away.size() + " of " + members.size() + " members go offline");
                inParallel(away, member -> {
                    member.awaitEcho();
                    member.goOffline();
                });
            } else if (i == lastThird()) {
                comeBack(away);
            }
            IrcLog.Line line = log.lines().get(i);
            ReplayMember speaker = members.get(line.speaker());
            if (speaker == null) {
                throw new IllegalStateException("a line without a speaker");
            }
            speaker.say(i, line.text());
        }
        for (ReplayMember member : members.values()) {
            member.awaitEcho();
        }
    }

    private void comeBack(List<ReplayMember> away) throws DeviceException {
        List<ReplayMember> gone =
                away.stream().filter(member -> !member.isOnline()).toList();
        out.println(gone.size() + " come back, " + (away.size() - gone.size()) + " were back before to say something");
        inParallel(gone, ReplayMember::goOnline);
    }

    /** Until everybody has everything, or nothing has come for a while; the audit tells the difference. */
    private void awaitDeliveries(ReplayBook book, int expected) {
        while (book.quietMillis() < QUIET.toMillis()
                && members.values().stream().anyMatch(member -> member.received() < expected)) {
            members.values().stream().filter(member -> !member.isOnline()).forEach(ReplayMember::recover);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Until it is told that everybody has read everything, or for a while; the audit tells the difference. */
    private void awaitReceipts(ReplayBook book) {
        members.values().forEach(ReplayMember::readEverything);
        long startNanos = System.nanoTime();
        long againNanos = startNanos + READ_AGAIN.toNanos();
        while (!book.isEverybodyInformed() && System.nanoTime() - startNanos < QUIET.toNanos()) {
            if (System.nanoTime() - againNanos > 0) {
                // A receipt is acknowledged before it is durable: a node that died has lost it.
                members.values().stream().filter(member -> !member.isOnline()).forEach(ReplayMember::recover);
                members.values().forEach(ReplayMember::readEverything);
                againNanos += READ_AGAIN.toNanos();
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private List<ChatEvent> awaitHistory(ReplayBook book, int expected) throws DeviceException {
        HistoryClient client = new HistoryClient(target, log.lines().get(0).speaker());
        long deadlineNanos = System.nanoTime() + QUIET.toNanos();
        List<ChatEvent> history = client.all(book.conversation());
        while (history.size() < expected && System.nanoTime() < deadlineNanos) {
            LockSupport.parkNanos(POLL_NANOS * 10);
            history = client.all(book.conversation());
        }
        return history;
    }

    /** Some leave for good. Until it is told that they are gone and the others there, or for a while; the audit tells the difference. */
    private void awaitPresence(ReplayBook book) throws DeviceException {
        List<ReplayMember> staying = new ArrayList<>(members.values());
        List<ReplayMember> leaving = staying.stream()
                .filter(member -> member.isAway() && !member.isCurious())
                .toList();
        staying.removeAll(leaving);
        out.println(leaving.size() + " of " + members.size() + " members leave, and the others are to see it");
        inParallel(leaving, ReplayMember::goOffline);
        long startNanos = System.nanoTime();
        Duration patience = transports.hasHttp() ? GRACE.plus(LEASE) : GRACE;
        while (!book.company().isShown() && System.nanoTime() - startNanos < patience.toNanos()) {
            staying.stream().filter(member -> !member.isOnline()).forEach(ReplayMember::recover);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private void print(ReplayBook book, int stored, double seconds, Report report) {
        Histogram latency = book.latencyMicros();
        out.println(String.format(
                Locale.ROOT,
                "said %d, delivered %d in %.1f s (%.0f/s), in history %d, connections lost %d, unreadable %d",
                log.lines().size(),
                book.deliveries(),
                seconds,
                book.deliveries() / seconds,
                stored,
                book.lostConnections(),
                book.unreadableCount()));
        out.println(String.format(
                Locale.ROOT,
                "from publish to the last member's delivery: p50 %.1f ms, p99 %.1f ms, max %.1f ms",
                latency.getValueAtPercentile(50) / 1e3,
                latency.getValueAtPercentile(99) / 1e3,
                latency.getMaxValue() / 1e3));
        out.println(book.changes().describe());
        out.println(book.told() + " pointers told in receipts, and "
                + book.company().typingTold() + " times that somebody types or stopped");
        out.println(report.describe());
    }

    private interface Step {
        void of(ReplayMember member) throws DeviceException;
    }

    private static void inParallel(List<ReplayMember> members, Step step) throws DeviceException {
        List<DeviceException> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        members.parallelStream().forEach(member -> {
            try {
                step.of(member);
            } catch (DeviceException e) {
                failures.add(e);
            }
        });
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }
}
