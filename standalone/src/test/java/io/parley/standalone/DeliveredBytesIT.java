package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
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
 * <p>Counted is every byte of MQTT that the server writes on the device's connection after the SUBACKs, divided by the number of messages:
 * the PUBLISH packets of the messages with their headers, the PUBLISH packets of the receipts, and the PUBACKs for the read receipts that
 * the device publishes, one for each message. TCP, IP and TLS are not counted.
 */
@WithPlatform
class DeliveredBytesIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ID_LENGTH = 26;

    private final Platform platform;

    DeliveredBytesIT(Platform platform) {
        this.platform = platform;
    }

    @ParameterizedTest(name = "a text of {1} bytes, one message every {3} ms: at most {4} bytes")
    @CsvSource({
        "1, 46, 500, 20, 120",
        "2, 70, 1000, 20, 140",
        "3, 100, 500, 20, 170",
        "4, 70, 30, 1000, 240",
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
            double event = reader.events().stream()
                    .mapToInt(ChatEvent::getSerializedSize)
                    .average()
                    .orElseThrow();
            System.out.printf(
                    "bytes: text %d, published %d, event %.1f, delivered %.2f, receipt packets %d of %d, sender %.2f%n",
                    textLength,
                    message(count, textLength).getSerializedSize(),
                    event,
                    perMessage,
                    reader.receiptPackets(),
                    count,
                    (double) sender.deliveredBytes() / count);
            assertThat(perMessage).isLessThanOrEqualTo(limit);
        }
    }

    private static void send(ProtoDevice sender, int textLength, int count, int everyMillis) throws Exception {
        AtomicInteger sent = new AtomicInteger();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try {
            var sending = clock.scheduleAtFixedRate(
                    () -> {
                        if (sent.get() < count) {
                            sender.send(message(sent.incrementAndGet(), textLength));
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

    private static Publication message(int number, int textLength) {
        String id = "%0" + ID_LENGTH + "d";
        return Publication.newBuilder()
                .setId(id.formatted(number))
                .setText("x".repeat(textLength))
                .build();
    }
}
