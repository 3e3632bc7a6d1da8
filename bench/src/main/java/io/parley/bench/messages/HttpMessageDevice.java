package io.parley.bench.messages;

import io.parley.bench.measure.Payloads;
import io.parley.demo.DemoTarget;
import io.parley.demo.Device;
import io.parley.demo.DeviceException;
import io.parley.protocol.wire.ReadReceipt;
import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A device that sends by single calls, and polls. */
final class HttpMessageDevice implements MessageDevice, Device.Listener {
    private static final long PAUSE_MILLIS = 500;

    /**
     * What all of a load have together.
     *
     * @param http connections
     * @param opening waits until devices are connected
     */
    record Shared(HttpClient http, Executor opening) {}

    private final Seat seat;
    private final Load load;
    private final Ledger ledger;
    private final Inbox inbox;
    private final Device device;
    private final Executor opening;
    private volatile int connection = 1;
    private volatile boolean closed;

    HttpMessageDevice(DemoTarget target, Load load, Ledger ledger, Seat seat, Shared shared) {
        this.seat = seat;
        this.load = load;
        this.ledger = ledger;
        this.inbox = new Inbox(seat, load, ledger);
        this.opening = shared.opening();
        this.device = Device.http(shared.http(), target.turned(seat.number()), seat.id(), this);
    }

    @Override
    public CompletableFuture<Void> open() {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        connect();
                    } catch (DeviceException e) {
                        throw new CompletionException(e);
                    }
                },
                opening);
    }

    private void connect() throws DeviceException {
        device.connect(false);
        if (load.receipts()) {
            device.subscribe(seat.topic(), seat.receiptTopic());
        } else {
            device.subscribe(seat.topic());
        }
    }

    @Override
    public void send(int k, String text) {
        ledger.sending(k, seat.number(), seat.id().user(), text);
        CompletableFuture<?> unused = device.publish(
                        seat.topic(), Payloads.of(ledger.messageId(k), text, load.encoding()))
                .whenComplete((done, failure) -> ledger.acknowledged(k, failure == null));
    }

    @Override
    public void received(int onConnection, String topic, byte[] payload) {
        connection = onConnection;
        inbox.received(onConnection, topic, payload);
    }

    @Override
    public void lost(String reason) {
        ledger.cut(seat.conversation(), connection, seat.id().toString());
        if (!closed) {
            CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, opening)
                    .execute(() -> {
                        try {
                            connect();
                        } catch (DeviceException e) {
                            lost(String.valueOf(e.getMessage()));
                        }
                    });
        }
    }

    @Override
    public void readEverything() {
        int seq = inbox.reading();
        if (seq > 0) {
            ReadReceipt receipt = ReadReceipt.newBuilder().setRead(seq).build();
            device.tell(seat.receiptTopic(), load.encoding().encode(receipt));
        }
    }

    @Override
    public CompletableFuture<Void> close() {
        closed = true;
        device.close();
        return CompletableFuture.completedFuture(null);
    }
}
