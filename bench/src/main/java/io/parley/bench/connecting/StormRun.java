package io.parley.bench.connecting;

import io.parley.bench.measure.Latencies;
import io.parley.bench.measure.LoadRun;
import io.parley.bench.measure.ServerFigures;
import io.parley.bench.measure.ServerProcesses;
import io.parley.demo.DemoTarget;
import io.parley.demo.DeviceException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;

/** Devices with sessions whose connections are cut, who get messages while they are away, and then all come back at once. */
public final class StormRun implements LoadRun {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration TELLING = Duration.ofSeconds(5);

    private final StormLoad load;
    private final ServerProcesses processes;
    private final NodeProcess node;
    private final PrintStream progress;
    private final Cast cast;
    private final ConnectLedger ledger;
    private final ConnectTimes times = new ConnectTimes();
    private final Company company;

    /** @param progress what goes on, in lines for people */
    public StormRun(
            DemoTarget target, StormLoad load, ServerProcesses processes, NodeProcess node, PrintStream progress) {
        this.load = load;
        this.processes = processes;
        this.node = node;
        this.progress = progress;
        String run = Long.toString(ThreadLocalRandom.current().nextLong(1L << 30), 36);
        this.cast = new Cast(run, load.devices(), load.conversationsEach());
        this.ledger = new ConnectLedger(
                cast, Math.addExact(cast.conversations(), Math.multiplyExact(load.devices(), load.movedEach())));
        this.company = new Company(target, cast, load.encoding(), ledger, times, progress);
    }

    @Override
    public StormResult run() throws DeviceException {
        if (load.killNode()) {
            // Said now, and not when everything is prepared.
            long unused = node.pid();
        }
        company.open(load.messagesPerSecond());
        company.devices().forEach(ReturningDevice::cut);
        if (!company.await(() -> company.devices().stream().allMatch(ReturningDevice::isAway))) {
            throw new DeviceException("not all connections could be cut");
        }
        company.write(
                load.movedEach(),
                load.messagesPerSecond(),
                "all devices are away, and get a message in " + load.movedEach() + " conversations each");
        company.closeWriters();
        Map<String, Long> cpuBefore = new TreeMap<>(processes.cpuMicros());
        if (load.killNode()) {
            node.kill();
            progress.println("the node is killed");
            // What comes after it counts from nothing.
            cpuBefore.put("broker", 0L);
        }
        long startNanos = System.nanoTime();
        times.measureFrom(startNanos);
        company.devices().forEach(device -> device.connect(startNanos));
        await(startNanos);
        StormResult result = result(startNanos, cpuBefore);
        company.closeDevices();
        return result;
    }

    private void await(long startNanos) {
        long toldNanos = startNanos;
        while (!(times.devices() == load.devices() && ledger.isComplete())
                && System.nanoTime() - startNanos < PATIENCE.toNanos()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            if (System.nanoTime() - toldNanos > TELLING.toNanos()) {
                toldNanos = System.nanoTime();
                progress.println(TimeUnit.NANOSECONDS.toSeconds(toldNanos - startNanos) + " s: " + times.devices()
                        + " connected, " + complete().count() + " synchronised");
            }
        }
    }

    /** Devices that have everything. */
    private IntStream complete() {
        return IntStream.range(0, load.devices()).filter(ledger::isComplete);
    }

    private StormResult result(long startNanos, Map<String, Long> cpuBefore) throws DeviceException {
        ServerFigures servers = ServerFigures.since(cpuBefore, processes, load.devices());
        ConcurrentHistogram synchronised = Latencies.empty();
        complete().forEach(device -> Latencies.record(synchronised, ledger.completeNanos(device) - startNanos));
        int connected = times.devices();
        return new StormResult(
                load,
                connected == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(times.firstNanos() - startNanos)),
                connected,
                times.fromDueMicros(),
                times.fromAttemptMicros(),
                synchronised,
                times.tally(),
                ledger.notAccepted(),
                servers,
                company.audit());
    }
}
