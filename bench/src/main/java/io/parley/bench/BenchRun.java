package io.parley.bench;

import io.parley.audit.Auditor;
import io.parley.audit.Entry;
import io.parley.audit.Fingerprint;
import io.parley.audit.Report;
import io.parley.demo.DemoTarget;
import io.parley.demo.DeviceException;
import io.parley.demo.Groups;
import io.parley.demo.HistoryClient;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** One load, from the first connection to the audit. */
final class BenchRun {
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(60);
    private static final Duration HISTORY_PATIENCE = Duration.ofSeconds(30);
    private static final Duration QUIET = Duration.ofSeconds(15);
    private static final Duration READ_AGAIN = Duration.ofSeconds(5);
    private static final int CONNECTING_AT_ONCE = 100;
    private static final int TEXT_BYTES = 100;

    private final DemoTarget target;
    private final Load load;
    private final ServerProcesses processes;
    private final PrintStream progress;
    private final String run = Long.toString(ThreadLocalRandom.current().nextLong(1L << 30), 36);
    private final List<BenchDevice> devices = new ArrayList<>();
    private Map<String, Long> cpuBefore = Map.of();

    BenchRun(DemoTarget target, Load load, ServerProcesses processes, PrintStream progress) {
        this.target = target;
        this.load = load;
        this.processes = processes;
        this.progress = progress;
    }

    BenchResult run() throws DeviceException {
        List<ConversationId> conversations = found();
        Ledger ledger = new Ledger(load, run, conversations);
        for (int i = 0; i < load.conversations() * load.groupSize(); i++) {
            int conversation = i / load.groupSize();
            DeviceId id = new DeviceId(user(i), "bench");
            ledger.joined(conversation, id.toString(), id.user());
            devices.add(new BenchDevice(target, load, ledger, i, id, conversation, conversations.get(conversation)));
        }
        connect();
        progress.println(devices.size() + " devices are connected");
        publish(ledger);
        while (!ledger.isComplete() && ledger.quietMillis() < QUIET.toMillis()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        Map<String, Double> cpu = cpuPerDelivery(ledger.deliveryMicros().getTotalCount());
        Map<String, Long> resident = processes.residentMiB();
        if (load.receipts()) {
            awaitReceipts(ledger);
        }
        progress.println("auditing");
        Report report = audit(ledger, conversations);
        CompletableFuture<?>[] closed = devices.stream().map(BenchDevice::close).toArray(CompletableFuture<?>[]::new);
        await(CompletableFuture.allOf(closed).exceptionally(alreadyGone -> null), "disconnecting");
        double perSecond = ledger.deliveryMicros().getTotalCount() / ledger.measuredSeconds();
        return new BenchResult(
                load,
                perSecond,
                ledger.deliveryMicros(),
                ledger.pubackMicros(),
                cpu,
                resident,
                ledger.notAccepted(),
                report);
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
            List<BenchDevice> some = devices.subList(from, Math.min(devices.size(), from + CONNECTING_AT_ONCE));
            CompletableFuture<?>[] opened = some.stream().map(BenchDevice::open).toArray(CompletableFuture<?>[]::new);
            await(CompletableFuture.allOf(opened), "connecting " + some.size() + " devices");
        }
    }

    private static void await(CompletableFuture<Void> future, String what) throws DeviceException {
        try {
            future.get(CONNECT_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new DeviceException(what + " failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new DeviceException(what + " took more than " + CONNECT_PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeviceException("interrupted", e);
        }
    }

    private void publish(Ledger ledger) {
        ledger.start();
        for (int k = 0; k < load.messages(); k++) {
            if (k == load.warmupMessages()) {
                cpuBefore = processes.cpuMicros();
                progress.println("measuring for " + load.seconds() + " s");
            }
            long waitNanos = ledger.dueNanos(k) - System.nanoTime();
            while (waitNanos > 0) {
                LockSupport.parkNanos(waitNanos);
                waitNanos = ledger.dueNanos(k) - System.nanoTime();
            }
            int conversation = k % load.conversations();
            int speaker = k / load.conversations() % load.groupSize();
            devices.get(conversation * load.groupSize() + speaker).send(k, text(k));
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
        devices.forEach(BenchDevice::readEverything);
        while (!ledger.isEverybodyInformed() && System.nanoTime() - startNanos < QUIET.toNanos()) {
            if (System.nanoTime() - readNanos > READ_AGAIN.toNanos()) {
                readNanos = System.nanoTime();
                devices.forEach(BenchDevice::readEverything);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static String text(int k) {
        String number = k + " ";
        return number + "x".repeat(TEXT_BYTES - number.length());
    }

    private Map<String, Double> cpuPerDelivery(long deliveries) {
        Map<String, Double> perDelivery = new TreeMap<>();
        processes.cpuMicros().forEach((role, micros) -> {
            Long before = cpuBefore.get(role);
            // A process that was restarted meanwhile counts from nothing: no figure is better than a wrong one.
            if (before != null && micros >= before && deliveries > 0) {
                perDelivery.put(role, (double) (micros - before) / deliveries);
            }
        });
        return perDelivery;
    }

    private Report audit(Ledger ledger, List<ConversationId> conversations) throws DeviceException {
        Report report = Report.clean();
        for (int c = 0; c < conversations.size(); c++) {
            int perConversation =
                    load.messages() / load.conversations() + (c < load.messages() % load.conversations() ? 1 : 0);
            int expected = perConversation + (load.groupSize() > 2 ? 1 : 0);
            HistoryClient client = new HistoryClient(target, user(c * load.groupSize()));
            List<ChatEvent> history = complete(client, conversations.get(c), ledger.notAccepted() == 0 ? expected : 0);
            report = report.plus(Auditor.audit(
                    ledger.recorder(c).finish(history.stream().map(this::entry).toList())));
        }
        return report;
    }

    /** What history has; waits while it is out of reach or, as it lags behind, has less than expected. */
    private static List<ChatEvent> complete(HistoryClient client, ConversationId conversation, int expected)
            throws DeviceException {
        long deadlineNanos = System.nanoTime() + HISTORY_PATIENCE.toNanos();
        while (true) {
            boolean last = System.nanoTime() >= deadlineNanos;
            try {
                List<ChatEvent> history = client.all(conversation);
                if (last || history.size() >= expected) {
                    return history;
                }
            } catch (DeviceException e) {
                if (last) {
                    throw e;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private Entry entry(ChatEvent event) {
        return new Entry(
                event.getSeq(),
                event.getId(),
                event.getFrom(),
                event.hasText() ? Fingerprint.of(event.getText()) : 0,
                Fingerprint.of(load.encoding().encode(event)));
    }
}
