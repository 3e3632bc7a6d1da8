package io.parley.standalone;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.ReadReceipt;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.Receipts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An MQTT 5 device with Protocol Buffers payloads, which allows topic aliases and is subscribed to the messages and receipts of all its
 * conversations, without subscription identifiers. It acknowledges every message, and publishes that it has read it if another user
 * sent it. It counts the bytes that the server writes on its connection.
 */
final class ProtoDevice implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 40;
    private static final int USER_PASSWORD_AND_CLEAN_START = 0xC2;
    private static final int USER_PROPERTY = 38;
    private static final int TOPIC_ALIASES = 20;

    private final UserId user;
    private final ConversationId conversation;
    private final CuttableLink link;
    private final Socket socket;
    private final CompletableFuture<Packet> connAck = new CompletableFuture<>();
    private final CompletableFuture<Packet> subAck = new CompletableFuture<>();
    private final Map<Long, String> topics = new HashMap<>();
    private final List<ChatEvent> events = new CopyOnWriteArrayList<>();
    private final Map<String, Receipt> pointers = new ConcurrentHashMap<>();
    private final AtomicInteger receiptPackets = new AtomicInteger();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private int lastPacketId;
    private long connectedBytes;

    private ProtoDevice(Platform platform, UserId user, ConversationId conversation) throws IOException {
        this.user = user;
        this.conversation = conversation;
        this.link = CuttableLink.to(platform.addresses().mqtt());
        this.socket = new Socket(InetAddress.getLoopbackAddress(), link.port());
        socket.setTcpNoDelay(true);
        Thread reader = new Thread(this::read, "packets of " + user);
        reader.setDaemon(true);
        reader.start();
    }

    /** Connects and subscribes. Bytes are counted from then on. */
    static ProtoDevice connect(Platform platform, UserId user, ConversationId conversation) throws Exception {
        ProtoDevice device = new ProtoDevice(platform, user, conversation);
        device.connect(Login.of(platform, user, "phone"));
        if (device.connAck.get(PATIENCE_SECONDS, TimeUnit.SECONDS).reason() != 0) {
            throw new IOException("not let in");
        }
        device.subscribe();
        byte[] granted = device.subAck.get(PATIENCE_SECONDS, TimeUnit.SECONDS).body();
        if (granted[granted.length - 2] != 1 || granted[granted.length - 1] != 1) {
            throw new IOException("QoS 1 is not granted");
        }
        device.connectedBytes = device.link.receivedBytes();
        return device;
    }

    private void connect(Login login) throws IOException {
        ByteArrayOutputStream properties = new ByteArrayOutputStream();
        DataOutputStream property = new DataOutputStream(properties);
        property.write(PacketProperties.TOPIC_ALIAS_MAXIMUM);
        property.writeShort(TOPIC_ALIASES);
        property.write(USER_PROPERTY);
        property.writeUTF("encoding");
        property.writeUTF("proto");
        send(Packet.CONNECT << 4, body -> {
            body.writeUTF("MQTT");
            body.write(5);
            body.write(USER_PASSWORD_AND_CLEAN_START);
            body.writeShort(60);
            Packet.writeNumber(body, properties.size());
            body.write(properties.toByteArray());
            body.writeUTF(login.clientId());
            body.writeUTF(login.userName());
            body.writeUTF(login.password());
        });
    }

    private void subscribe() throws IOException {
        send((Packet.SUBSCRIBE << 4) | 2, body -> {
            body.writeShort(++lastPacketId);
            body.write(0);
            for (String filter : List.of("chat/+/msg", "chat/+/receipt")) {
                body.writeUTF(filter);
                body.write(1);
            }
        });
    }

    /** Publishes a message at QoS 1 and does not wait. */
    void send(Publication message) throws IOException {
        publish("msg", message.toByteArray());
    }

    private void publish(String level, byte[] payload) throws IOException {
        send((Packet.PUBLISH << 4) | 2, body -> {
            body.writeUTF("chat/" + conversation + "/" + level);
            body.writeShort(++lastPacketId);
            body.write(0);
            body.write(payload);
        });
    }

    private interface Body {
        void write(DataOutputStream body) throws IOException;
    }

    private synchronized void send(int firstByte, Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        body.write(new DataOutputStream(bytes));
        new Packet(firstByte, bytes.toByteArray()).writeTo(socket.getOutputStream());
    }

    private void read() {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                received(Packet.read(in));
            }
        } catch (IOException | RuntimeException e) {
            ended.completeExceptionally(e);
        }
    }

    private void received(Packet packet) throws IOException {
        switch (packet.type()) {
            case Packet.CONNACK -> connAck.complete(packet);
            case Packet.SUBACK -> subAck.complete(packet);
            case Packet.PUBLISH -> published(packet);
            case Packet.PUBACK -> {
                if (packet.reason() != 0) {
                    throw new IOException("refused: " + packet);
                }
                acknowledged.incrementAndGet();
            }
            default -> throw new IOException("unexpected: " + packet);
        }
    }

    private void published(Packet packet) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(packet.body()));
        String name = in.readUTF();
        int packetId = (packet.firstByte() & 2) == 0 ? 0 : in.readUnsignedShort();
        long alias = PacketProperties.read(in).one(PacketProperties.TOPIC_ALIAS).orElseThrow();
        if (!name.isEmpty()) {
            topics.put(alias, name);
        }
        if (topics.getOrDefault(alias, "").endsWith("/receipt")) {
            receiptPackets.incrementAndGet();
            Receipts.parseFrom(in).getReceiptsList().forEach(receipt -> pointers.put(receipt.getUser(), receipt));
        } else {
            ChatEvent event = ChatEvent.parseFrom(in);
            send(Packet.PUBACK << 4, body -> body.writeShort(packetId));
            if (!event.getFrom().equals(user.value())) {
                publish(
                        "receipt",
                        ReadReceipt.newBuilder().setRead(event.getSeq()).build().toByteArray());
            }
            events.add(event);
        }
    }

    /** The messages that came. */
    List<ChatEvent> events() {
        return List.copyOf(events);
    }

    /** How many PUBLISH packets with receipts came. */
    int receiptPackets() {
        return receiptPackets.get();
    }

    /** How many of the device's own messages and receipts the server acknowledged. Fails when the connection has ended, or one was refused. */
    int acknowledged() {
        if (ended.isDone()) {
            ended.join();
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
        socket.close();
        link.close();
    }
}
