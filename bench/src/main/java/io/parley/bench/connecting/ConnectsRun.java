package io.parley.bench.connecting;

import io.parley.bench.measure.LoadRun;
import io.parley.bench.measure.Pace;
import io.parley.bench.measure.ServerFigures;
import io.parley.bench.measure.ServerProcesses;
import io.parley.demo.DemoTarget;
import io.parley.demo.DeviceException;
import java.io.PrintStream;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Connections that are cut and made again. Turn n belongs to device {@code n mod devices}. First its connection is cut; half of its absence
 * later somebody writes to it; then it connects, which is due at the rate asked for.
 */
public final class ConnectsRun implements LoadRun {
    private final ConnectsLoad load;
    private final ServerProcesses processes;
    private final PrintStream progress;
    private final Cast cast;
    private final ConnectLedger ledger;
    private final ConnectTimes times = new ConnectTimes();
    private final Company company;
    private final BitSet skipped = new BitSet();
    private Map<String, Long> cpuBefore = Map.of();

    /** @param progress what goes on, in lines for people */
    public ConnectsRun(DemoTarget target, ConnectsLoad load, ServerProcesses processes, PrintStream progress) {
        this.load = load;
        this.processes = processes;
        this.progress = progress;
        String run = Long.toString(ThreadLocalRandom.current().nextLong(1L << 30), 36);
        this.cast = new Cast(run, load.devices(), load.conversationsEach());
        this.ledger = new ConnectLedger(cast, Math.addExact(cast.conversations(), load.connects()));
        this.company = new Company(target, cast, load.encoding(), ledger, times, progress);
    }

    @Override
    public ConnectsResult run() throws DeviceException {
        company.open(load.messagesPerSecond());
        turns();
        boolean everybodyIsBack = company.await(
                () -> ledger.isComplete() && company.devices().stream().noneMatch(ReturningDevice::isConnecting));
        long notConnected = everybodyIsBack
                ? 0
                : company.devices().stream()
                        .filter(ReturningDevice::isConnecting)
                        .count();
        ServerFigures servers =
                ServerFigures.since(cpuBefore, processes, times.fromDueMicros().getTotalCount());
        ConnectsResult result = new ConnectsResult(
                load,
                times.fromDueMicros(),
                ledger.arrivalMicros(),
                times.tally(),
                skipped.cardinality(),
                notConnected,
                ledger.notAccepted(),
                servers,
                company.audit());
        company.closeWriters();
        company.closeDevices();
        return result;
    }

    private void turns() {
        int away = load.away();
        Pace pace = Pace.of(load.connectsPerSecond());
        times.measureFrom(pace.dueNanos((long) away + load.warmupConnects()));
        for (int tick = 0; tick < load.connects() + away; tick++) {
            if (tick == away + load.warmupConnects()) {
                cpuBefore = processes.cpuMicros();
                progress.println("measuring for " + load.seconds() + " s");
            }
            pace.await(tick);
            cut(tick);
            write(tick - away / 2, pace);
            connect(tick - away, pace);
        }
    }

    private void cut(int turn) {
        // A device that is not back from its last turn stays out of this one: its absence is measured already.
        if (turn < load.connects() && !company.device(turn % load.devices()).cut()) {
            skipped.set(turn);
        }
    }

    private void write(int turn, Pace pace) {
        if (isOn(turn)) {
            int device = turn % load.devices();
            int conversation = device * load.conversationsEach() + turn / load.devices() % load.conversationsEach();
            company.write(
                    conversation,
                    turn < load.warmupConnects()
                            ? ConnectLedger.NOT_MEASURED
                            : pace.dueNanos((long) turn + load.away()));
        }
    }

    private void connect(int turn, Pace pace) {
        if (isOn(turn)) {
            company.device(turn % load.devices()).connect(pace.dueNanos((long) turn + load.away()));
        }
    }

    private boolean isOn(int turn) {
        return turn >= 0 && turn < load.connects() && !skipped.get(turn);
    }
}
