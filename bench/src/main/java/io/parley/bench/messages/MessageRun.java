package io.parley.bench.messages;

import io.parley.audit.Auditor;
import io.parley.audit.Report;
import io.parley.bench.measure.Clients;
import io.parley.bench.measure.LoadRun;
import io.parley.bench.measure.Payloads;
import io.parley.bench.measure.ServerFigures;
import io.parley.bench.measure.ServerProcesses;
import io.parley.bench.measure.StoredHistory;
import io.parley.demo.DemoTarget;
import io.parley.demo.DeviceException;
import io.parley.demo.Groups;
import io.parley.demo.HistoryClient;
import io.parley.demo.HttpCalls;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One load, from the first connection to the audit. */
public final class MessageRun implements LoadRun {
    private static final Duration READ_AGAIN = Duration.ofSeconds(5);
    private static final int CONNECTING_AT_ONCE = 100;

    private final DemoTarget target;
    private final Load load;
    private final Transport transport;
    private final ServerProcesses processes;
    private final PrintStream progress;
    private final String run = Long.toString(ThreadLocalRandom.current().nextLong(1L << 30), 36);
    private final List<MessageDevice> devices = new ArrayList<>();
    private Map<String, Long> cpuBefore = Map.of();

    /** @param progress what goes on, in lines for people */
    public MessageRun(
            DemoTarget target, Load load, Transport transport, ServerProcesses processes, PrintStream progress) {
        this.target = target;
        this.load = load;
        this.transport = transport;
        this.processes = processes;
        this.progress = progress;
    }

    @Override
    public MessageResult run() throws DeviceException {
        ExecutorService opening = Executors.newCachedThreadPool();
        try {
            return run(new HttpMessageDevice.Shared(HttpCalls.client(), opening));
        } finally {
            opening.shutdownNow();
        }
    }

    private MessageResult run(HttpMessageDevice.Shared shared) throws DeviceException {
        List<ConversationId> conversations = found();
        Ledger ledger = new Ledger(load, run, conversations);
        for (int i = 0; i < load.conversations() * load.groupSize(); i++) {
            int conversation = i / load.groupSize();
            DeviceId id = new DeviceId(user(i), "bench");
            ledger.joined(conversation, id.toString(), id.user());
            MessageDevice.Seat seat = new MessageDevice.Seat(i, id, conversation, conversations.get(conversation));
            devices.add(
                    transport == Transport.MQTT
                            ? new MqttMessageDevice(target, load, ledger, seat)
                            : new HttpMessageDevice(target, load, ledger, seat, shared));
        }
        connect();
        progress.println(devices.size() + " devices are connected");
        publish(ledger);
        long publishedNanos = System.nanoTime();
        while (!ledger.isComplete() && ledger.quietSince(publishedNanos) < QUIET.toNanos()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        ServerFigures servers = ServerFigures.since(
                cpuBefore, processes, ledger.deliveryMicros().getTotalCount());
        if (load.receipts()) {
            awaitReceipts(ledger);
        }
        progress.println("auditing");
        Report report = audit(ledger, conversations);
        Clients.await(
                devices.stream()
                        .map(device -> device.close().exceptionally(alreadyGone -> null))
                        .toList(),
                "disconnecting");
        double perSecond = ledger.deliveryMicros().getTotalCount() / ledger.measuredSeconds();
        return new MessageResult(
                load, perSecond, ledger.deliveryMicros(), ledger.pubackMicros(), servers, ledger.notAccepted(), report);
    }

    private UserId user(int device) {
        return UserId.parse("bench-" + run + "-" + device);
    }

    private List<ConversationId> found() throws DeviceException {
        List<ConversationId> conversations = new ArrayList<>();
        for (int c = 0; c < load.conversations(); c++) {
            int first = c * load.groupSize();
            if (load.groupSize() == 2) {
                conversations.add(ConversationId.direct(user(first), user(first + 1)));
                continue;
            }
            List<UserId> others = new ArrayList<>();
            for (int i = 1; i < load.groupSize(); i++) {
                others.add(user(first + i));
            }
            conversations.add(
                    Groups.found(target, new DeviceId(user(first), "founder"), "bench " + run + " " + c, others));
        }
        return conversations;
    }

    private void connect() throws DeviceException {
        for (int from = 0; from < devices.size(); from += CONNECTING_AT_ONCE) {
            List<MessageDevice> some = devices.subList(from, Math.min(devices.size(), from + CONNECTING_AT_ONCE));
            Clients.await(some.stream().map(MessageDevice::open).toList(), "connecting " + some.size() + " devices");
        }
    }

    private void publish(Ledger ledger) {
        ledger.start();
        for (int k = 0; k < load.messages(); k++) {
            if (k == load.warmupMessages()) {
                cpuBefore = processes.cpuMicros();
                progress.println("measuring for " + load.seconds() + " s");
            }
            ledger.pace().await(k);
            int conversation = k % load.conversations();
            int speaker = k / load.conversations() % load.groupSize();
            devices.get(conversation * load.groupSize() + speaker).send(k, Payloads.text(k));
            if (load.receipts()) {
                readSome(k);
            }
        }
    }

    /** So many devices after message {@code k} that each has its turn once a second. */
    private void readSome(int k) {
        long from = (long) devices.size() * k / load.ratePerSecond();
        long to = (long) devices.size() * (k + 1) / load.ratePerSecond();
        for (long i = from; i < to; i++) {
            devices.get((int) (i % devices.size())).readEverything();
        }
    }

    /** Until every device was told that everybody has read everything, or for a while; the audit tells the difference. */
    private void awaitReceipts(Ledger ledger) {
        long startNanos = System.nanoTime();
        long readNanos = startNanos;
        devices.forEach(MessageDevice::readEverything);
        while (!ledger.isEverybodyInformed() && System.nanoTime() - startNanos < QUIET.toNanos()) {
            if (System.nanoTime() - readNanos > READ_AGAIN.toNanos()) {
                readNanos = System.nanoTime();
                devices.forEach(MessageDevice::readEverything);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private Report audit(Ledger ledger, List<ConversationId> conversations) throws DeviceException {
        Report report = Report.clean();
        HistoryClient first = new HistoryClient(target, user(0));
        for (int c = 0; c < conversations.size(); c++) {
            int perConversation =
                    load.messages() / load.conversations() + (c < load.messages() % load.conversations() ? 1 : 0);
            int expected = perConversation + (load.groupSize() > 2 ? 1 : 0);
            StoredHistory history = new StoredHistory(first.as(user(c * load.groupSize())), load.encoding());
            report = report.plus(Auditor.audit(ledger.recorder(c)
                    .finish(history.entries(conversations.get(c), ledger.notAccepted() == 0 ? expected : 0))));
        }
        return report;
    }
}
