package io.parley.demo;

import io.parley.protocol.DeviceId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Presences;
import io.parley.protocol.wire.ReadReceipt;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Typing;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** What one member of a replay says besides messages, and is told: who has read what, who is there, who types. */
final class ReplaySignals {
    /** One in so many messages makes its receiver say what was read. */
    private static final int READ_EVERY = 10;
    /** How far a receipt that comes late lies behind. */
    private static final int LATE_BY = 5;

    private final ReplayBook book;
    private final DeviceId device;
    private final String chat;
    private final boolean curious;
    private final AtomicInteger highest = new AtomicInteger();

    /** @param curious wants to know what the others do, and lets them know that it types */
    ReplaySignals(ReplayBook book, DeviceId device, boolean curious) {
        this.book = book;
        this.device = device;
        this.chat = "chat/" + book.conversation() + "/";
        this.curious = curious;
    }

    /** The filters of everything that the member wants, messages, too. */
    String[] filters() {
        return curious
                ? new String[] {chat + "msg", chat + "receipt", chat + "presence", chat + "typing"}
                : new String[] {chat + "msg"};
    }

    /** Takes what is no message; returns whether it was none. */
    boolean take(String topic, byte[] payload) throws MalformedPayload {
        switch (topic.substring(topic.lastIndexOf('/') + 1)) {
            case "receipt" -> {
                Receipts.Builder receipts = Receipts.newBuilder();
                WireFormat.JSON.decode(payload, receipts);
                receipts.getReceiptsList().forEach(receipt -> book.told(device, receipt));
            }
            case "presence" -> {
                Presences.Builder presences = Presences.newBuilder();
                WireFormat.JSON.decode(payload, presences);
                presences.getPresenceList().forEach(presence -> book.company().told(device, presence));
            }
            case "typing" -> {
                Typing.Builder typing = Typing.newBuilder();
                WireFormat.JSON.decode(payload, typing);
                book.company().told(device, typing.build());
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The curious let the others know that they type. */
    void type(Device by) {
        if (curious) {
            book.company().types(device.user());
            by.tell(
                    chat + "typing",
                    WireFormat.JSON.encode(Typing.newBuilder().setTyping(true).build()));
        }
    }

    /** Says that everything that has come was read. */
    void readEverything(Device by) {
        if (highest.get() > 0) {
            read(by, highest.get());
        }
    }

    /** Says now and then that what has just come was read, and now and then something that is too late. */
    void received(Device by, int seq) {
        highest.accumulateAndGet(seq, Math::max);
        if (ThreadLocalRandom.current().nextInt(READ_EVERY) == 0) {
            read(by, seq);
        } else if (seq > LATE_BY && ThreadLocalRandom.current().nextInt(READ_EVERY) == 0) {
            read(by, seq - LATE_BY);
        }
    }

    private void read(Device by, int seq) {
        book.reading(device, seq);
        ReadReceipt receipt = ReadReceipt.newBuilder().setRead(seq).build();
        // The last one is said until it has arrived, and that covers all before.
        CompletableFuture<Void> unused = by.publish(chat + "receipt", WireFormat.JSON.encode(receipt));
    }
}
