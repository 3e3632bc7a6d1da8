package io.parley.standalone;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.parley.protocol.ConversationId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.ReadReceipt;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.Receipts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A device on HiveMQ's MQTT 5 client with Protocol Buffers payloads, which allows topic aliases and is subscribed to the messages and receipts of
 * all its conversations. It acknowledges every message, and publishes that it has read it if another user sent it. It counts the bytes
 * that the server writes on its connection.
 */
final class ProtoDevice implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 40;
    private static final int TOPIC_ALIASES = 20;

    private final UserId user;
    private final ConversationId conversation;
    private final CuttableLink link;
    private final Mqtt5AsyncClient client;
    private final List<ChatEvent> events = new CopyOnWriteArrayList<>();
    private final Map<String, Receipt> pointers = new ConcurrentHashMap<>();
    private final AtomicInteger receiptPackets = new AtomicInteger();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private long connectedBytes;

    private ProtoDevice(Platform platform, UserId user, ConversationId conversation) throws Exception {
        this.user = user;
        this.conversation = conversation;
        this.link = CuttableLink.to(platform.addresses().mqtt());
        this.client =
                Login.of(platform, user, "phone").withPort(link.port()).hiveMq().buildAsync();
        client.publishes(MqttGlobalPublishFilter.ALL, this::received);
    }

    /** Connects and subscribes. Bytes are counted from then on. */
    static ProtoDevice connect(Platform platform, UserId user, ConversationId conversation) throws Exception {
        ProtoDevice device = new ProtoDevice(platform, user, conversation);
        device.client
                .connectWith()
                .userProperties()
                .add("encoding", "proto")
                .applyUserProperties()
                .restrictions()
                .topicAliasMaximum(TOPIC_ALIASES)
                .applyRestrictions()
                .send()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        for (String filter : List.of("chat/+/msg", "chat/+/receipt")) {
            device.client
                    .subscribeWith()
                    .topicFilter(filter)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        device.connectedBytes = device.link.receivedBytes();
        return device;
    }

    /** Publishes a message and does not wait. */
    void send(Publication message) {
        publish("msg", message.toByteArray());
    }

    private void publish(String level, byte[] payload) {
        var unused = client.publishWith()
                .topic("chat/" + conversation + "/" + level)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload)
                .send()
                .whenComplete((result, refused) -> {
                    if (refused == null) {
                        acknowledged.incrementAndGet();
                    } else {
                        failure.set(refused);
                    }
                });
    }

    private void received(Mqtt5Publish packet) {
        try {
            if (packet.getTopic().toString().endsWith("/receipt")) {
                Receipts.Builder receipts = Receipts.newBuilder();
                WireFormat.PROTO.decode(packet.getPayloadAsBytes(), receipts);
                receiptPackets.incrementAndGet();
                receipts.getReceiptsList().forEach(receipt -> pointers.put(receipt.getUser(), receipt));
            } else {
                ChatEvent.Builder event = ChatEvent.newBuilder();
                WireFormat.PROTO.decode(packet.getPayloadAsBytes(), event);
                read(event.build());
            }
        } catch (MalformedPayload e) {
            throw new IllegalStateException(e);
        }
    }

    private void read(ChatEvent event) {
        if (!event.getFrom().equals(user.value())) {
            publish(
                    "receipt",
                    ReadReceipt.newBuilder().setRead(event.getSeq()).build().toByteArray());
        }
        events.add(event);
    }

    /** The messages that came. */
    List<ChatEvent> events() {
        return List.copyOf(events);
    }

    /** How many PUBLISH packets with receipts came. */
    int receiptPackets() {
        return receiptPackets.get();
    }

    /** How many of the device's own messages and receipts the server acknowledged. Fails when it refused one. */
    int acknowledged() {
        Throwable refused = failure.get();
        if (refused != null) {
            throw new AssertionError("the server refused what " + user + " published", refused);
        }
        return acknowledged.get();
    }

    /** What the last receipt told of a user. */
    Receipt pointers(UserId whose) {
        return pointers.getOrDefault(whose.value(), Receipt.getDefaultInstance());
    }

    /** The bytes that the server wrote since the device had subscribed. */
    long deliveredBytes() {
        return link.receivedBytes() - connectedBytes;
    }

    @Override
    public void close() throws IOException {
        client.toBlocking().disconnect();
        link.close();
    }
}
