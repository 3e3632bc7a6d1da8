package io.parley.standalone;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.ReadReceipt;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One connection of a device that is not new, on HiveMQ's MQTT 5 client. It keeps what it receives, from any thread. */
final class HiveDevice implements AutoCloseable {
    /** More than the 30 s after which the platform gives up an attach. */
    private static final long PATIENCE_SECONDS = 40;

    private static final long SESSION_EXPIRY_SECONDS = 3600;

    private final DeviceId id;
    private final Predicate<ChatEvent> acknowledges;
    private final List<ChatEvent> events = new ArrayList<>();
    private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    private final CompletableFuture<End> ended = new CompletableFuture<>();
    private final Mqtt5AsyncClient client;

    /** The end of a connection: when ({@link System#nanoTime}) and why. */
    record End(long atNanos, Throwable cause) {}

    private HiveDevice(Login login, DeviceId id, Predicate<ChatEvent> acknowledges) {
        this.id = id;
        this.acknowledges = acknowledges;
        this.client = login.hiveMq()
                .addDisconnectedListener(context -> ended.complete(new End(System.nanoTime(), context.getCause())))
                .buildAsync();
    }

    /** A device that acknowledges everything. */
    static HiveDevice connect(Platform platform, String id) throws Exception {
        return connect(platform, id, event -> true);
    }

    /** @param acknowledges which events the device acknowledges */
    static HiveDevice connect(Platform platform, String id, Predicate<ChatEvent> acknowledges) throws Exception {
        DeviceId device = DeviceId.parse(id);
        return connect(Login.of(platform, device.user(), device.name()), acknowledges);
    }

    /** A device that acknowledges everything, wherever it connects. */
    static HiveDevice connect(Login login) throws Exception {
        return connect(login, event -> true);
    }

    private static HiveDevice connect(Login login, Predicate<ChatEvent> acknowledges) throws Exception {
        HiveDevice device = new HiveDevice(login, DeviceId.parse(login.clientId()), acknowledges);
        device.client.publishes(MqttGlobalPublishFilter.ALL, device::received, true);
        device.client
                .connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(SESSION_EXPIRY_SECONDS)
                .send()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return device;
    }

    private void received(Mqtt5Publish message) {
        try {
            if (message.getTopic().toString().startsWith("chat/")) {
                ChatEvent.Builder event = ChatEvent.newBuilder();
                WireFormat.JSON.decode(message.getPayloadAsBytes(), event);
                if (keep(event.build())) {
                    message.acknowledge();
                }
            } else {
                Reply.Builder reply = Reply.newBuilder();
                WireFormat.JSON.decode(message.getPayloadAsBytes(), reply);
                replies.add(reply.build());
                message.acknowledge();
            }
        } catch (MalformedPayload e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean keep(ChatEvent event) {
        synchronized (events) {
            events.add(event);
        }
        return acknowledges.test(event);
    }

    void subscribe(ConversationId conversation) throws Exception {
        subscribe("chat/" + conversation + "/msg");
    }

    /** To all conversations of its user, now and later. */
    void subscribeToAll() throws Exception {
        subscribe("chat/+/msg");
    }

    /** To anything. */
    void subscribe(String filter) throws Exception {
        var unused = client.subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.AT_LEAST_ONCE)
                .send()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Done when the message is acknowledged; fails when it is refused. */
    CompletableFuture<Mqtt5PublishResult> publish(ConversationId conversation, String id, String text) {
        Publication message = Publication.newBuilder().setId(id).setText(text).build();
        return publish("chat/" + conversation + "/msg", WireFormat.JSON.encode(message));
    }

    private CompletableFuture<Mqtt5PublishResult> publish(String topic, byte[] payload) {
        return client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload)
                .send();
    }

    /** Publishes and returns when the message is acknowledged. */
    void send(ConversationId conversation, String id, String text) throws Exception {
        var unused = publish(conversation, id, text).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Publishes anything and returns when it is acknowledged. */
    void send(ConversationId conversation, Publication publication) throws Exception {
        var unused = publish("chat/" + conversation + "/msg", WireFormat.JSON.encode(publication))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The user read everything up to that seq. */
    void read(ConversationId conversation, int seq) throws Exception {
        var unused = publish(
                        "chat/" + conversation + "/receipt",
                        WireFormat.JSON.encode(
                                ReadReceipt.newBuilder().setRead(seq).build()))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Makes a group of this device's user and the others. */
    ConversationId createGroup(String name, UserId... others) throws Exception {
        CreateGroup.Builder group = CreateGroup.newBuilder().setName(name);
        for (UserId other : others) {
            group.addMembers(other.value());
        }
        Request request =
                Request.newBuilder().setRequestId(name).setCreateGroup(group).build();
        return ConversationId.parse(ask(request).getConversation());
    }

    /** Asks, and waits for the answer: the reply with the request's id, which must be set. */
    Reply ask(Request request) throws Exception {
        subscribe("user/" + id.user() + "/reply");
        var unused = publish("user/" + id.user() + "/request", WireFormat.JSON.encode(request))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return reply(reply -> reply.getRequestId().equals(request.getRequestId()));
    }

    /** Publishes what shall be refused after its acknowledgement, and waits for the error that names it. */
    Error refused(ConversationId conversation, Publication publication) throws Exception {
        subscribe("user/" + id.user() + "/reply");
        send(conversation, publication);
        return reply(reply -> reply.getError().getMessageId().equals(publication.getId()))
                .getError();
    }

    /** Waits for the next reply of that kind; those before it are gone. */
    Reply reply(Predicate<Reply> wanted) throws InterruptedException {
        while (true) {
            @Nullable Reply reply = replies.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (reply == null) {
                throw new IllegalStateException("no such reply");
            }
            if (wanted.test(reply)) {
                return reply;
            }
        }
    }

    /** What came so far, in the order in which it came. */
    List<ChatEvent> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** How many events came so far. */
    int count() {
        synchronized (events) {
            return events.size();
        }
    }

    /** The end of the connection, whoever ended it. */
    CompletableFuture<End> ended() {
        return ended;
    }

    @Override
    public void close() {
        if (!ended.isDone()) {
            client.disconnect().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        }
    }
}
