package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a message costs the device that receives it.
 *
 * <p>Counted is every byte of MQTT that the server writes on the device's connection after the SUBACK, divided by the number of messages:
 * the PUBLISH packets of the messages with their headers, the PUBLISH packets of the receipts, and the PUBACKs for the read receipts that
 * the device publishes, one for each message. TCP, IP and TLS are not counted. User names have five characters, ids 26.
 *
 * <p>With a text of 70 bytes the Publication has 100 bytes as the sender publishes it.
 */
@WithPlatform
class DeliveredBytesIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ID_LENGTH = 26;
    /** More than a packet of two receipts has. */
    private static final int RECEIPT_BYTES = 40;

    private final Platform platform;

    DeliveredBytesIT(Platform platform) {
        this.platform = platform;
    }

    @ParameterizedTest(name = "a text of {1} bytes, one message every {3} ms: at most {4} bytes")
    @CsvSource({
        "1, 70, 500, 20, 140",
        "2, 100, 250, 20, 172",
    })
    void a_message_costs_its_reader_few_bytes_with_all_receipts(
            int run, int textLength, int count, int everyMillis, double limit) throws Exception {
        UserId alice = UserId.parse("adam" + run);
        UserId bob = UserId.parse("beth" + run);
        ConversationId chat = ConversationId.direct(alice, bob);
        try (ProtoDevice sender = ProtoDevice.connect(platform, alice, chat);
                ProtoDevice reader = ProtoDevice.connect(platform, bob, chat)) {
            send(sender, textLength, count, everyMillis);
            await().atMost(LIMIT).until(() -> sender.acknowledged() == count && reader.acknowledged() == count);
            await().atMost(LIMIT)
                    .until(() -> reader.pointers(alice).getDelivered() == count
                            && reader.pointers(bob).getDelivered() == count
                            && reader.pointers(bob).getRead() == count);
            assertThat(reader.events())
                    .extracting(ChatEvent::getSeq)
                    .isSorted()
                    .hasSize(count)
                    .doesNotHaveDuplicates();
            double perMessage = (double) reader.deliveredBytes() / count;
            System.out.printf(
                    "  published %d bytes, text %d bytes, every %d ms: %.1f bytes delivered per message, %d receipt packets%n",
                    message(count, textLength).getSerializedSize(),
                    textLength,
                    everyMillis,
                    perMessage,
                    reader.receiptPackets());
            // A busy machine takes longer, and tells its receipts once a second meanwhile.
            long late = Math.max(0, reader.receiptPackets() - (long) count * everyMillis / 1000 - 2);
            assertThat(reader.deliveredBytes()).isLessThanOrEqualTo((long) (limit * count) + late * RECEIPT_BYTES);
        }
    }

    private static void send(ProtoDevice sender, int textLength, int count, int everyMillis) throws Exception {
        AtomicInteger sent = new AtomicInteger();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try {
            var sending = clock.scheduleAtFixedRate(
                    () -> {
                        if (sent.get() < count) {
                            send(sender, message(sent.incrementAndGet(), textLength));
                        }
                    },
                    0,
                    everyMillis,
                    TimeUnit.MILLISECONDS);
            await().atMost(LIMIT.plusMillis((long) count * everyMillis)).until(() -> sent.get() == count);
            sending.cancel(false);
        } finally {
            clock.shutdownNow();
        }
    }

    private static void send(ProtoDevice sender, Publication message) {
        try {
            sender.send(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Publication message(int number, int textLength) {
        String id = "%0" + ID_LENGTH + "d";
        return Publication.newBuilder()
                .setId(id.formatted(number))
                .setText("x".repeat(textLength))
                .build();
    }
}
