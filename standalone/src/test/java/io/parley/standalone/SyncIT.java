package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.parley.protocol.ConversationId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A user of many conversations comes back: what is new is told, and nothing else; and the list proves that this is all. */
@WithPlatform
@Tag("quiet")
class SyncIT {
    /** Many more than what a connect may cost; {@code -Dparley.test.conversations=N} plays others. */
    private static final int CONVERSATIONS = Integer.getInteger("parley.test.conversations", 250);

    private static final int MISSED = 10;
    private static final int LAPTOPS = 8;
    private static final int IN_FLIGHT = 100;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final UserId ANN = UserId.parse("sync-ann");

    private final Platform platform;

    SyncIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void a_device_gets_what_it_missed_and_the_list_proves_that_it_has_all() throws Exception {
        try (Laptops laptops = new Laptops();
                Counted desk = new Counted("desk", "user/" + ANN + "/reply")) {
            try (Counted phone = new Counted("phone", "chat/+/msg")) {
                laptops.sayEverywhere("first");
                phone.awaitCount(CONVERSATIONS);
                phone.readEverything();
                await().atMost(LIMIT).until(() -> desk.list(), SyncIT::isAllRead);
            }
            for (int i = 0; i < MISSED; i++) {
                try (HiveMqClient friend = new HiveMqClient(Login.of(platform, friend(i), "phone"))) {
                    friend.publish("chat/@" + ANN + "/msg", "missed");
                }
            }
            await().atMost(LIMIT).until(() -> missing(desk.list()), missing -> missing == MISSED);

            Map<String, Integer> got = comesAndGoes();
            try (Counted phone = new Counted("phone", "chat/+/msg")) {
                assertThat(got)
                        .hasSize(MISSED)
                        .allSatisfy((id, seq) -> assertThat(seq).isEqualTo(2));
                List<ConversationSummary> list = desk.list();
                desk.print("listing of " + CONVERSATIONS + " conversations");
                assertThat(list).hasSize(CONVERSATIONS).allSatisfy(summary -> {
                    assertThat(summary.getHead()).isEqualTo(got.getOrDefault(summary.getId(), 1));
                    assertThat(summary.getUnread()).isEqualTo(got.containsKey(summary.getId()) ? 1 : 0);
                });

                // In each conversation this is the very next thing to come: nothing else was on its way.
                try (LoggedCommands commands = new LoggedCommands(platform)) {
                    laptops.sayEverywhere("second");
                    phone.awaitCount(CONVERSATIONS);
                    // What the phone has not reported when it goes would come again.
                    awaitCommands(commands, new TreeMap<>(), "REPORT_CURSORS", CONVERSATIONS);
                }
                await().atMost(LIMIT).until(() -> missing(desk.list()), missing -> missing == 0);
            }

            try (Counted phone = new Counted("phone", "chat/+/msg")) {
                laptops.sayEverywhere("third");
                phone.awaitCount(CONVERSATIONS);
                assertThat(phone.newest()).hasSize(CONVERSATIONS);
            }
        }
    }

    /** The phone gets what it missed, and goes when it has reported that. What of that the engine has to handle does not depend on the other conversations. */
    private Map<String, Integer> comesAndGoes() throws Exception {
        try (LoggedCommands commands = new LoggedCommands(platform)) {
            Map<String, Integer> got;
            Map<String, Integer> handled = new TreeMap<>();
            try (Counted phone = new Counted("phone", "chat/+/msg")) {
                phone.awaitCount(MISSED);
                phone.print("CONNECT to the last of " + MISSED + " missed messages");
                got = phone.newest();
                awaitCommands(commands, handled, "REPORT_CURSORS", MISSED);
            }
            awaitCommands(commands, handled, "DEVICE_DISCONNECTED", 1);
            System.out.println("sync: commands of a connect and a disconnect: " + handled);
            assertThat(handled.values().stream().mapToInt(Integer::intValue).sum())
                    .isLessThanOrEqualTo(30);
            return got;
        }
    }

    private static void awaitCommands(LoggedCommands commands, Map<String, Integer> handled, String kind, int count) {
        await().atMost(LIMIT).until(() -> {
            commands.addTo(handled, ANN);
            return handled.getOrDefault(kind, 0) >= count;
        });
    }

    private static UserId friend(int number) {
        return UserId.parse("sync-u%03d".formatted(number));
    }

    /** More than one: a conversation that begins is a question to the engine, and a connection asks one after the other. */
    private final class Laptops implements AutoCloseable {
        private final List<HiveDevice> laptops = new ArrayList<>();

        Laptops() throws Exception {
            for (int i = 0; i < LAPTOPS; i++) {
                laptops.add(HiveDevice.connect(platform, ANN + "/laptop" + i));
            }
        }

        /** Ann says something in each of her conversations. */
        void sayEverywhere(String text) throws InterruptedException {
            Semaphore free = new Semaphore(IN_FLIGHT);
            AtomicInteger refused = new AtomicInteger();
            for (int i = 0; i < CONVERSATIONS; i++) {
                free.acquire();
                var unused = laptops.get(i % LAPTOPS)
                        .publish(ConversationId.direct(ANN, friend(i)), text, text)
                        .whenComplete((result, failure) -> {
                            refused.addAndGet(failure == null ? 0 : 1);
                            free.release();
                        });
            }
            free.acquire(IN_FLIGHT);
            assertThat(refused).hasValue(0);
        }

        @Override
        public void close() {
            laptops.forEach(HiveDevice::close);
        }
    }

    private static boolean isAllRead(List<ConversationSummary> list) {
        return list.size() == CONVERSATIONS
                && list.stream().allMatch(summary -> summary.getRead() == summary.getHead());
    }

    /** How many conversations reach further than a device of the user has acknowledged. */
    private static long missing(List<ConversationSummary> list) {
        return list.stream()
                .filter(summary -> summary.getDelivered() < summary.getHead())
                .count();
    }

    /** A connection of one of Ann's devices that knows how much came, and how long it took. */
    private final class Counted implements AutoCloseable {
        private final CuttableLink link = CuttableLink.to(platform.addresses().mqtt());
        private final PahoV3Client client;
        private long startNanos = System.nanoTime();
        private long startBytes;
        private long endNanos;
        private int requests;

        Counted(String device, String filter) throws Exception {
            Login login = Login.of(platform, ANN, device);
            MqttConnectOptions options = PahoV3Client.options(login);
            options.setCleanSession(false);
            client = new PahoV3Client(
                    new Login(link.port(), login.clientId(), login.userName(), login.password()), options);
            client.subscribe(filter);
        }

        /** Waits for so many messages since the connection began; there are no more. */
        void awaitCount(int count) {
            await().atMost(LIMIT)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> client.count() >= count);
            endNanos = System.nanoTime();
            assertThat(client.count()).isEqualTo(count);
        }

        /** Says of each conversation that the first message was read. */
        void readEverything() throws Exception {
            for (int i = 0; i < CONVERSATIONS; i++) {
                client.publish("chat/@" + friend(i) + "/receipt", "{\"read\":1}");
            }
        }

        /** The newest seq of each conversation of which something came. Everything came once, and in its order. */
        Map<String, Integer> newest() {
            Map<String, Integer> newest = new HashMap<>();
            for (ChatClient.Received message : client.received()) {
                ChatEvent event = decoded(message, ChatEvent.newBuilder()).build();
                Integer before = newest.put(message.topic().split("/", -1)[1], event.getSeq());
                assertThat(before == null || before + 1 == event.getSeq()).isTrue();
            }
            return newest;
        }

        List<ConversationSummary> list() throws Exception {
            startBytes = link.receivedBytes();
            startNanos = System.nanoTime();
            List<ConversationSummary> all = new ArrayList<>();
            String after = "";
            do {
                client.publish(
                        "user/" + ANN + "/request",
                        "{\"requestId\":\"%d\",\"listConversations\":{\"after\":\"%s\"}}".formatted(++requests, after));
                awaitCount(requests);
                Reply reply = decoded(client.received().get(requests - 1), Reply.newBuilder())
                        .build();
                assertThat(reply.hasError()).isFalse();
                all.addAll(reply.getConversationsList());
                after = reply.getNext();
            } while (!after.isEmpty());
            return all;
        }

        void print(String what) {
            System.out.printf(
                    "sync: %s: %d ms, %d bytes%n",
                    what, (endNanos - startNanos) / 1_000_000, link.receivedBytes() - startBytes);
        }

        private <B extends Message.Builder> B decoded(ChatClient.Received message, B into) {
            try {
                WireFormat.JSON.decode(message.payload().getBytes(StandardCharsets.UTF_8), into);
                return into;
            } catch (MalformedPayload e) {
                throw new IllegalStateException(message.payload(), e);
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            link.close();
        }
    }
}
