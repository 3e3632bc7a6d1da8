package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A node is stopped under a load: its devices are sent away, and go on at another node at once. */
@WithPlatform
class DrainingIT extends ConversationChecks {
    private static final int DEVICES = 12;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    DrainingIT(Platform platform) {
        super(platform);
    }

    /** A device at the node that stops, and the same at the other one afterwards. */
    private record Moving(ConversationId pair, HiveDevice before, CompletableFuture<HiveDevice> after) {}

    @Test
    void each_device_of_a_node_that_stops_is_told_and_goes_on_elsewhere_within_five_seconds() throws Exception {
        SecondNode second = SecondNode.start(platform());
        List<Moving> all = new ArrayList<>();
        Login old = second.at(Login.of(platform(), UserId.parse("drain-old"), "phone"));
        try (HiveDevice writer = HiveDevice.connect(platform(), "drain-writer/phone");
                PahoV3Client version3 = new PahoV3Client(old)) {
            for (int i = 0; i < DEVICES; i++) {
                all.add(moving(second, UserId.parse("drain-" + i)));
            }
            List<ConversationId> pairs = all.stream().map(Moving::pair).toList();
            int sent = 0;
            for (; sent < 5; sent++) {
                send(writer, pairs, sent);
            }
            await().atMost(LIMIT)
                    .until(() -> all.stream().allMatch(one -> one.before().count() >= 1));

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(second::close);
            long end = System.nanoTime() + LIMIT.toNanos();
            while (System.nanoTime() < end
                    && !all.stream().allMatch(one -> one.after().isDone())) {
                send(writer, pairs, sent++);
            }
            send(writer, pairs, sent++);
            stopped.join();
            assertThat(all).allMatch(one -> one.after().isDone());

            assertThat(version3.isConnected()).as("a 3.1.1 device is cut off").isFalse();
            int last = sent;
            for (Moving one : all) {
                HiveDevice.End told = one.before().ended().get();
                assertThat(told.cause())
                        .isInstanceOfSatisfying(
                                Mqtt5DisconnectException.class,
                                disconnect -> assertThat(
                                                disconnect.getMqttMessage().getReasonCode())
                                        .isEqualTo(Mqtt5DisconnectReasonCode.USE_ANOTHER_SERVER));
                HiveDevice after = one.after().get();
                await().atMost(LIMIT).until(() -> seqs(one).size() == last);
                assertThat(seqs(one))
                        .isEqualTo(IntStream.rangeClosed(1, last).boxed().toList());
                assertThat(after.ended()).isNotDone();
            }
        } finally {
            second.close();
            all.forEach(one -> {
                one.before().close();
                var unused = one.after().thenAccept(HiveDevice::close);
            });
        }
    }

    private Moving moving(SecondNode second, UserId user) throws Exception {
        Login login = Login.of(platform(), user, "phone");
        ConversationId pair = ConversationId.direct(user, UserId.parse("drain-writer"));
        HiveDevice before = HiveDevice.connect(second.at(login));
        before.subscribe(pair);
        CompletableFuture<HiveDevice> after = before.ended().thenApplyAsync(end -> {
            try {
                HiveDevice again = HiveDevice.connect(login);
                assertThat(Duration.ofNanos(System.nanoTime() - end.atNanos()))
                        .as("from DISCONNECT to CONNACK elsewhere")
                        .isLessThan(LONGEST_WAIT);
                return again;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        return new Moving(pair, before, after);
    }

    private static void send(HiveDevice writer, List<ConversationId> pairs, int number) throws Exception {
        for (ConversationId pair : pairs) {
            writer.send(pair, "m" + number, "text " + number);
        }
    }

    /** What the device got, at both nodes; what was not acknowledged in time may come again, and is the same then. */
    private static List<Integer> seqs(Moving one) throws Exception {
        TreeMap<Integer, ChatEvent> events = new TreeMap<>();
        for (HiveDevice device : List.of(one.before(), one.after().get())) {
            device.events()
                    .forEach(event -> assertThat(events.merge(event.getSeq(), event, (first, again) -> first))
                            .isEqualTo(event));
        }
        return List.copyOf(events.keySet());
    }
}
