package io.parley.bench.pushing;

import io.parley.bench.measure.Clients;
import io.parley.bench.measure.LoadRun;
import io.parley.bench.measure.Pace;
import io.parley.bench.measure.ServerFigures;
import io.parley.bench.measure.ServerProcesses;
import io.parley.demo.DemoTarget;
import io.parley.demo.DeviceException;
import io.parley.demo.Groups;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The load that notifies, from the first token to the last acceptance. */
final class PushRun implements LoadRun {
    private static final Duration PROGRESS = Duration.ofSeconds(5);
    private static final int AT_ONCE = 50;

    private final DemoTarget target;
    private final PushLoad load;
    private final ServerProcesses processes;
    private final Path sink;
    private final PrintStream progress;
    private final long run = ThreadLocalRandom.current().nextLong(1L << 30);
    private final PushLedger ledger;
    private final List<PushUser> writers = new ArrayList<>();
    private final List<ConversationId> conversations = new ArrayList<>();
    private Map<String, Long> cpuBefore = Map.of();

    /**
     * @param sink the file of the counterparts
     * @param progress what goes on, in lines for people
     */
    PushRun(DemoTarget target, PushLoad load, ServerProcesses processes, Path sink, PrintStream progress) {
        this.target = target;
        this.load = load;
        this.processes = processes;
        this.sink = sink;
        this.progress = progress;
        this.ledger = new PushLedger(load, run);
    }

    @Override
    public PushResult run() throws DeviceException {
        try (SinkFile file = SinkFile.end(sink)) {
            register();
            found();
            for (int c = 0; c < load.conversations(); c++) {
                writers.add(new PushUser(target, new DeviceId(writer(c), "bench")));
            }
            inTurns(writers.size(), i -> writers.get(i).connect(), "connecting");
            progress.println(load.conversations() + " users write to " + load.away() + " each who are away");
            publish(file);
            ServerFigures servers = ServerFigures.since(
                    cpuBefore, processes, ledger.latencyMicros().getTotalCount());
            Clients.await(
                    writers.stream()
                            .map(writer -> writer.close().exceptionally(alreadyGone -> null))
                            .toList(),
                    "disconnecting");
            return PushResult.of(load, ledger, servers);
        } catch (NoSuchFileException e) {
            throw new DeviceException(
                    "there is no " + sink + ": start the platform with ./parley up --push-sink, or name its --data", e);
        } catch (IOException e) {
            throw new DeviceException("cannot read " + sink + ": " + e.getMessage(), e);
        }
    }

    private UserId writer(int conversation) {
        return UserId.parse("bench-" + Long.toString(run, 36) + "-w" + conversation);
    }

    private UserId away(int i) {
        return UserId.parse("bench-" + Long.toString(run, 36) + "-" + i);
    }

    private void register() throws DeviceException {
        inTurns(
                load.conversations() * load.away(),
                i -> new PushUser(target, new DeviceId(away(i), "phone")).registerAndGo(ledger.token(i)),
                "registering tokens");
        progress.println(load.conversations() * load.away() + " tokens are registered");
    }

    private interface Step {
        java.util.concurrent.CompletableFuture<Void> of(int i);
    }

    private static void inTurns(int count, Step step, String what) throws DeviceException {
        for (int from = 0; from < count; from += AT_ONCE) {
            List<java.util.concurrent.CompletableFuture<Void>> some = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + AT_ONCE); i++) {
                some.add(step.of(i));
            }
            Clients.await(some, what);
        }
    }

    private void found() throws DeviceException {
        for (int c = 0; c < load.conversations(); c++) {
            int first = c * load.away();
            if (load.away() == 1) {
                conversations.add(ConversationId.direct(writer(c), away(first)));
                continue;
            }
            List<UserId> others = new ArrayList<>();
            for (int i = first; i < first + load.away(); i++) {
                others.add(away(i));
            }
            conversations.add(Groups.found(target, new DeviceId(writer(c), "founder"), "bench " + c, others));
        }
    }

    private void publish(SinkFile file) throws IOException {
        Pace pace = ledger.start();
        long toldNanos = System.nanoTime();
        for (int k = 0; k < load.messages(); k++) {
            if (k == load.warmupMessages()) {
                cpuBefore = processes.cpuMicros();
                progress.println("measuring for " + load.seconds() + " s");
            }
            pace.await(k);
            int conversation = k % load.conversations();
            var unused = writers.get(conversation)
                    .send(conversations.get(conversation), "m" + k, k)
                    .whenComplete((done, failure) -> ledger.answered(failure == null));
            file.read().forEach(ledger::accepted);
            if (System.nanoTime() - toldNanos > PROGRESS.toNanos()) {
                toldNanos = System.nanoTime();
                progress.println(ledger.came() + " of " + (k + 1L) * load.away() + " notifications are accepted");
            }
        }
        while (!ledger.isComplete() && ledger.quietMillis() < QUIET.toMillis()) {
            file.read().forEach(ledger::accepted);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
