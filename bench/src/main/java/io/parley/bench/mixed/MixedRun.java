package io.parley.bench.mixed;

import io.parley.audit.Report;
import io.parley.bench.measure.LoadRun;
import io.parley.bench.measure.Pace;
import io.parley.bench.measure.Payloads;
import io.parley.bench.pushing.SinkFile;
import io.parley.demo.DemoTarget;
import io.parley.demo.DeviceException;
import io.parley.demo.HistoryClient;
import io.parley.demo.HttpCalls;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One load of everything, from the first connection to the audit. */
final class MixedRun implements LoadRun {
    /** A speaker of whom so many are not answered says nothing more until they are. By HTTP they are sent one after the other. */
    private static final int MOST_UNANSWERED = 100;

    private static final int MOST_UNANSWERED_BY_HTTP = 16;
    /** Every so many messages one is edited, one deleted, one reacted to. */
    private static final int ONE_IN_CHANGES = 16;

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String END = "end";

    private final DemoTarget target;
    private final MixedLoad load;
    private final Optional<Path> sink;
    private final PrintStream progress;
    private final Random random;
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean settling;
    private boolean reading;
    private @Nullable Company company;
    private int said;
    private int skipped;

    /**
     * @param sink the file of the push providers' counterparts, if somebody is to be away
     * @param progress what goes on, in lines for people
     */
    MixedRun(DemoTarget target, MixedLoad load, Optional<Path> sink, PrintStream progress) {
        this.target = target;
        this.load = load;
        this.sink = sink;
        this.progress = progress;
        this.random = new Random(load.seed());
    }

    @Override
    public MixedResult run() throws DeviceException {
        ExecutorService connecting = Executors.newCachedThreadPool();
        try {
            if (sink.isEmpty()) {
                return run(connecting, null);
            }
            try (SinkFile file = SinkFile.end(sink.get())) {
                return run(connecting, file);
            }
        } catch (IOException e) {
            throw new DeviceException(
                    "cannot read the notifications: start the platform with ./parley up --push-sink, or name its --data: "
                            + e.getMessage(),
                    e);
        } finally {
            connecting.shutdownNow();
        }
    }

    private MixedResult run(ExecutorService connecting, @Nullable SinkFile file) throws DeviceException, IOException {
        Company all = new Company(
                target,
                new Actor.Shared(HttpCalls.client(), connecting, this::heard, refused),
                Long.toString(ThreadLocalRandom.current().nextLong(1L << 30), 36));
        company = all;
        for (int i = 0; i < load.pairs(); i++) {
            all.pair(i);
        }
        for (int i = 0; i < load.groups(); i++) {
            all.group(i, file != null);
        }
        try {
            all.connect();
            progress.println(all.actors().size() + " devices are connected");
            Unrest unrest = new Unrest(all, new Random(load.seed() + 1));
            publish(all, unrest);
            settle(all);
            notified(all, file);
            progress.println("auditing");
            return result(all, unrest, audit(all));
        } finally {
            all.close();
        }
    }

    private void publish(Company all, Unrest unrest) {
        Pace pace = Pace.of(load.ratePerSecond());
        for (int k = 0; k < load.messages(); k++) {
            if (k == load.warmupMessages()) {
                progress.println("measuring for " + load.seconds() + " s");
            }
            pace.await(k);
            List<Company.Circle> circles = all.circles();
            Company.Circle circle = circles.get(random.nextInt(circles.size()));
            Actor speaker =
                    circle.speakers().get(random.nextInt(circle.speakers().size()));
            if (speaker.unanswered() >= (speaker.usesHttp() ? MOST_UNANSWERED_BY_HTTP : MOST_UNANSWERED)) {
                skipped++;
            } else {
                said++;
                speaker.say(circle.talk(), text("m" + k, Payloads.text(k)));
            }
            if (k % load.ratePerSecond() == 0) {
                unrest.second();
            }
        }
    }

    private static Publication text(String id, String text) {
        return Publication.newBuilder().setId(id).setText(text).build();
    }

    /** Some messages are changed by their sender when they have come back. */
    private void heard(Talk talk, Actor at, ChatEvent event) {
        Company all = company;
        if (all == null) {
            return;
        }
        all.heard(talk, at, event);
        boolean isOwn = event.hasText() && event.getFrom().equals(at.id().user().value());
        if (settling || !isOwn || !event.getId().startsWith("m")) {
            return;
        }
        int k = Integer.parseInt(event.getId().substring(1));
        if (k % ONE_IN_CHANGES < 3 && talk.choose(event.getSeq())) {
            at.say(
                    talk,
                    switch (k % ONE_IN_CHANGES) {
                        case 0 -> talk.changes().edit(event);
                        case 1 -> talk.changes().delete(event);
                        default -> talk.changes().react(event);
                    });
        }
    }

    /** Until everybody has been answered and has heard everything, or nothing moves for a while; the audit tells the difference. */
    private void settle(Company all) {
        settling = true;
        progress.println("settling");
        List<Actor> actors = all.actors();
        await(
                all,
                "answers to everybody",
                () -> actors.stream().allMatch(actor -> actor.isOnline() && actor.unanswered() == 0));
        all.groups().forEach(Group::add);
        await(all, "the guests", () -> all.groups().stream().allMatch(Group::isGuestThere));
        for (Company.Circle circle : all.circles()) {
            circle.speakers().get(0).say(circle.talk(), text(END, END));
        }
        await(all, "answers to the last messages", () -> actors.stream().allMatch(actor -> actor.unanswered() == 0));
        await(all, "the last messages", () -> all.circles().stream().allMatch(this::isHeard));
        reading = true;
        actors.forEach(Actor::readEverything);
        await(
                all,
                "receipts",
                () -> all.circles().stream().allMatch(circle -> circle.talk().isEverybodyInformed()));
    }

    private boolean isHeard(Company.Circle circle) {
        int most = circle.everybody().stream()
                .mapToInt(actor -> circle.talk().highest(actor.id()))
                .max()
                .orElse(0);
        return circle.everybody().stream().allMatch(actor -> circle.talk().highest(actor.id()) == most);
    }

    /** Asks again and again, until it is so or nothing has come for {@link LoadRun#QUIET}. */
    private void await(Company all, String what, BooleanSupplier condition) {
        long quietSinceNanos = System.nanoTime();
        long againNanos = quietSinceNanos;
        long before = moved(all);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - quietSinceNanos > QUIET.toNanos()) {
                giveUp(all, what);
                return;
            }
            LockSupport.parkNanos(POLL_NANOS);
            if (moved(all) != before) {
                before = moved(all);
                quietSinceNanos = System.nanoTime();
            }
            if (System.nanoTime() - againNanos > AGAIN_NANOS) {
                againNanos = System.nanoTime();
                all.actors().forEach(Actor::resend);
                all.groups().forEach(Group::add);
                if (reading) {
                    // What was read is lost with a node that dies within the second.
                    all.actors().forEach(Actor::readEverything);
                }
            }
        }
    }

    private void giveUp(Company all, String what) {
        progress.println("waited in vain for " + what);
        all.actors().stream()
                .filter(actor -> !actor.isOnline() || actor.unanswered() > 0)
                .forEach(actor -> progress.println("  " + actor.id() + (actor.isOnline() ? "" : " is offline,")
                        + " has " + actor.unanswered() + " messages without an answer"));
    }

    private static long moved(Company all) {
        return all.circles().stream()
                .mapToLong(
                        circle -> circle.talk().acknowledged() + circle.talk().delivered())
                .sum();
    }

    /** Reads what the counterparts of push providers accepted, until the last message of each group has been notified. */
    private void notified(Company all, @Nullable SinkFile file) throws IOException {
        if (file == null) {
            return;
        }
        java.util.Map<String, Integer> highest = new java.util.HashMap<>();
        long sinceNanos = System.nanoTime();
        boolean missing = true;
        while (missing && System.nanoTime() - sinceNanos < QUIET.toNanos()) {
            for (SinkFile.Accepted one : file.read()) {
                Talk talk = all.awayIn().get(one.token());
                if (talk != null && one.seq() > 0) {
                    talk.pushed(one.token(), one.seq());
                    highest.merge(one.token(), one.seq(), Math::max);
                }
            }
            missing = all.circles().stream()
                    .anyMatch(circle -> all.awayIn().entrySet().stream()
                            .anyMatch(away -> away.getValue().equals(circle.talk())
                                    && highest.getOrDefault(away.getKey(), 0)
                                            < circle.talk()
                                                    .highest(circle.speakers()
                                                            .get(0)
                                                            .id())));
            LockSupport.parkNanos(POLL_NANOS);
        }
        if (load.struck()) {
            all.circles().forEach(circle -> circle.talk().pushesMayRepeat());
        }
    }

    private Report audit(Company all) throws DeviceException {
        Report report = Report.clean();
        HistoryClient first = new HistoryClient(target, all.actors().get(0).id().user());
        for (Company.Circle circle : all.circles()) {
            Actor reader = circle.speakers().get(0);
            List<ChatEvent> history = history(
                    first.as(reader.id().user()), circle.talk(), circle.talk().highest(reader.id()));
            report = report.plus(circle.talk().audit(history, all.guests(circle.talk())));
        }
        return report;
    }

    /** Waits while history lags behind what devices have, for a while. */
    private static List<ChatEvent> history(HistoryClient client, Talk talk, int head) throws DeviceException {
        long sinceNanos = System.nanoTime();
        while (true) {
            boolean last = System.nanoTime() - sinceNanos > QUIET.toNanos();
            try {
                List<ChatEvent> all = client.all(talk.id());
                if (last || (!all.isEmpty() && all.get(all.size() - 1).getSeq() >= head)) {
                    return all;
                }
            } catch (DeviceException e) {
                if (last) {
                    throw e;
                }
            }
            LockSupport.parkNanos(AGAIN_NANOS);
        }
    }

    private MixedResult result(Company all, Unrest unrest, Report report) {
        long unanswered = all.actors().stream().mapToLong(Actor::unanswered).sum();
        return new MixedResult(
                load,
                said,
                skipped,
                all.circles().stream()
                        .mapToLong(circle -> circle.talk().acknowledged())
                        .sum(),
                all.circles().stream()
                        .mapToLong(circle -> circle.talk().delivered())
                        .sum(),
                refused.get() + unanswered,
                unrest.describe(),
                report);
    }
}
