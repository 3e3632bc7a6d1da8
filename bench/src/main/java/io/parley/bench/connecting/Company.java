package io.parley.bench.connecting;

import io.parley.audit.Report;
import io.parley.bench.measure.Clients;
import io.parley.bench.measure.LoadRun;
import io.parley.bench.measure.Pace;
import io.parley.bench.measure.StoredHistory;
import io.parley.demo.DemoTarget;
import io.parley.demo.DeviceException;
import io.parley.demo.HistoryClient;
import io.parley.protocol.WireFormat;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The devices with their sessions, and those who write to them. */
final class Company {
    private static final int CONNECTING_AT_ONCE = 100;
    private static final Duration POLL = Duration.ofMillis(5);

    private final DemoTarget target;
    private final Cast cast;
    private final WireFormat encoding;
    private final ConnectLedger ledger;
    private final PrintStream progress;
    private final List<Writer> writers = new ArrayList<>();
    private final List<ReturningDevice> devices = new ArrayList<>();

    Company(
            DemoTarget target,
            Cast cast,
            WireFormat encoding,
            ConnectLedger ledger,
            ConnectTimes times,
            PrintStream progress) {
        this.target = target;
        this.cast = cast;
        this.encoding = encoding;
        this.ledger = ledger;
        this.progress = progress;
        for (int w = 0; w < cast.writers(); w++) {
            writers.add(new Writer(target, cast.writer(w), encoding, ledger));
        }
        for (int d = 0; d < cast.devices(); d++) {
            devices.add(new ReturningDevice(target, d, cast.device(d), encoding, ledger, times));
        }
    }

    ReturningDevice device(int number) {
        return devices.get(number);
    }

    List<ReturningDevice> devices() {
        return devices;
    }

    /**
     * Connects everybody, and sends a message to each conversation, so that it exists and the devices have a cursor in it.
     *
     * @param messagesPerSecond the rate of the messages
     */
    void open(int messagesPerSecond) throws DeviceException {
        connect(writers.stream()
                .<Supplier<CompletableFuture<?>>>map(writer -> writer::open)
                .toList());
        connect(devices.stream()
                .<Supplier<CompletableFuture<?>>>map(device -> device::open)
                .toList());
        progress.println(devices.size() + " devices are connected");
        write(cast.conversationsEach(), messagesPerSecond, "each conversation gets its first message");
        if (!await(ledger::isComplete)) {
            throw new DeviceException(ledger.outstanding() + " of the first messages have not come");
        }
    }

    private static void connect(List<Supplier<CompletableFuture<?>>> all) throws DeviceException {
        for (int from = 0; from < all.size(); from += CONNECTING_AT_ONCE) {
            List<Supplier<CompletableFuture<?>>> some =
                    all.subList(from, Math.min(all.size(), from + CONNECTING_AT_ONCE));
            Clients.await(some.stream().map(Supplier::get).toList(), "connecting " + some.size() + " devices");
        }
    }

    /** Writes to one conversation; never waits. */
    void write(int conversation, long measuredFromNanos) {
        writers.get(cast.writerOf(conversation)).send(cast, conversation, measuredFromNanos);
    }

    /** Writes once to so many conversations of each device, and returns when the platform has answered to all of it. */
    void write(int conversationsEach, int messagesPerSecond, String what) throws DeviceException {
        int messages = cast.devices() * conversationsEach;
        progress.println(what + " (" + messages + " at " + messagesPerSecond + "/s)");
        Pace pace = Pace.of(messagesPerSecond);
        for (int i = 0; i < messages; i++) {
            pace.await(i);
            // Device after device, so that none gets all of its messages at once.
            int conversation = i % cast.devices() * cast.conversationsEach() + i / cast.devices();
            write(conversation, ConnectLedger.NOT_MEASURED);
        }
        if (!await(ledger::isAnswered)) {
            throw new DeviceException(ledger.notAccepted() + " messages have no PUBACK");
        }
    }

    /** Waits for something; false when that does not happen and nothing has come for a while. */
    boolean await(BooleanSupplier condition) {
        long startNanos = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNanos > LoadRun.QUIET.toNanos()
                    && ledger.quietMillis() > LoadRun.QUIET.toMillis()) {
                return false;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return true;
    }

    /** Compares what each device received with what was sent and with what history shows. */
    Report audit() throws DeviceException {
        progress.println("auditing " + cast.conversations() + " conversations");
        HistoryClient first = new HistoryClient(target, cast.device(0).user());
        Report report = Report.clean();
        for (int device = 0; device < cast.devices(); device++) {
            HistoryClient client = first.as(cast.device(device).user());
            StoredHistory history = new StoredHistory(client, encoding);
            for (int i = 0; i < cast.conversationsEach(); i++) {
                int c = device * cast.conversationsEach() + i;
                report = report.plus(ledger.audit(c, history.entries(cast.conversation(c), ledger.expected(c))));
            }
        }
        return report;
    }

    void closeWriters() throws DeviceException {
        Clients.await(writers.stream().map(Writer::close).toList(), "disconnecting");
    }

    void closeDevices() throws DeviceException {
        Clients.await(devices.stream().map(ReturningDevice::close).toList(), "disconnecting");
    }
}
