package io.parley.bench.messages;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bench.measure.Glance;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.wire.Receipts;
import java.util.concurrent.atomic.AtomicInteger;

/** What one device of the load receives, by whatever transport: it goes to the ledger. */
final class Inbox {
    private final MessageDevice.Seat seat;
    private final Load load;
    private final Ledger ledger;
    private final AtomicInteger highest = new AtomicInteger();

    Inbox(MessageDevice.Seat seat, Load load, Ledger ledger) {
        this.seat = seat;
        this.load = load;
        this.ledger = ledger;
    }

    /** @param connection of the device, from 1 */
    void received(int connection, String topic, byte[] payload) {
        try {
            if (topic.equals(seat.receiptTopic())) {
                receipts(payload);
                return;
            }
            Glance glance = Glance.of(payload, load.encoding());
            ledger.delivered(
                    seat.number(),
                    seat.conversation(),
                    connection,
                    seat.id().toString(),
                    seat.id().user(),
                    glance,
                    payload);
            highest.accumulateAndGet(glance.seq(), Math::max);
        } catch (InvalidProtocolBufferException | MalformedPayload e) {
            System.err.println("unreadable delivery at " + seat.id() + ": " + e.getMessage());
        }
    }

    private void receipts(byte[] payload) throws MalformedPayload {
        Receipts.Builder receipts = Receipts.newBuilder();
        load.encoding().decode(payload, receipts);
        receipts.getReceiptsList()
                .forEach(receipt -> ledger.told(seat.conversation(), seat.id().toString(), receipt));
    }

    /** The seq up to which the device is about to say that it has read; 0: it says nothing. */
    int reading() {
        int seq = highest.get();
        if (!seat.reads() || seq == 0) {
            return 0;
        }
        ledger.reading(seat.conversation(), seat.id().user(), seq);
        return seq;
    }
}
