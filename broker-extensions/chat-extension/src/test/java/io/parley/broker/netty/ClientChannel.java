package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.hivemq.bootstrap.ClientConnectionContext;
import com.hivemq.bootstrap.UndefinedClientConnection;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.connack.CONNACK;
import com.hivemq.mqtt.message.disconnect.DISCONNECT;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.publish.PUBLISHFactory;
import com.hivemq.mqtt.message.reason.Mqtt5ConnAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5SubAckReasonCode;
import com.hivemq.mqtt.message.suback.SUBACK;
import com.hivemq.mqtt.message.subscribe.SUBSCRIBE;
import com.hivemq.mqtt.message.subscribe.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.parley.broker.Unhurried;
import io.parley.broker.connect.ConnectOptions;
import io.parley.broker.metrics.BrokerMetrics;
import io.parley.broker.topics.TopicLoad;
import io.parley.broker.topics.TopicRules;
import io.parley.gateway.publishing.PublicationFilters;
import io.parley.gateway.requesting.ChatRequests;
import io.parley.gateway.requesting.Outages;
import io.parley.gateway.requesting.Reads;
import io.parley.gateway.throttling.Limits;
import io.parley.gateway.throttling.SubscribeThrottle;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A device's connection without a network, as the client sees it, to a node whose engine and history the test plays. */
final class ClientChannel {
    private static final long MAX_PACKET_SIZE = 268_435_460;
    private static final DeviceId ALICE = DeviceId.parse("alice/phone");

    final MiniEngine engine = new MiniEngine();
    private final Outages outages = new Outages();
    final MeterRegistry registry = new SimpleMeterRegistry();
    /** Reads of history, in the order in which they were asked for, that the test answers. */
    final List<CompletableFuture<Reply>> reads = new ArrayList<>();

    /** How often the network was said to have what was read, or to be unable to take it. */
    int released;

    /** What SUBSCRIBE and UNSUBSCRIBE of the next connection cost. */
    SubscribeThrottle subscribing = Unhurried.filters(1_000_000);

    /** How the node is stopped, with a server that devices are sent to. */
    final Draining draining = new Draining(engine.node(), Duration.ZERO, "other.example.org:1883");

    private boolean protocol5 = true;
    /** What it may do beside the chat. */
    TopicRules rules = TopicRules.NONE;

    private final TopicLoad topics = Unhurried.topics();
    private final BrokerMetrics metrics = new BrokerMetrics(registry, engine.node(), topics);
    EmbeddedChannel channel = new EmbeddedChannel();

    ClientChannel() {
        connect(true);
    }

    /** A new connection of the same device; the one before is left as it is. */
    void connect(boolean version5) {
        connect(version5, Unhurried.generous());
    }

    void connect(boolean version5, Limits limits, ChannelHandler... between) {
        connect(version5, limits, MAX_PACKET_SIZE, between);
    }

    void connect(boolean version5, Limits limits, long maximumPacketSize, ChannelHandler... between) {
        open(version5, limits, maximumPacketSize, true, between);
        channel.runPendingTasks();
        connack();
        // With some handlers between, it is never written.
        assertThat(written(CONNACK.class)).hasSizeLessThanOrEqualTo(1);
    }

    /** HiveMQ's CONNACK, which is held until there is an answer. */
    void connack() {
        channel.writeOutbound(
                CONNACK.builder().withReasonCode(Mqtt5ConnAckReasonCode.SUCCESS).build());
        channel.runPendingTasks();
    }

    void open(boolean version5, boolean logReachable) {
        open(version5, Unhurried.generous(), MAX_PACKET_SIZE, logReachable);
    }

    /** A connection whose CONNACK HiveMQ has not written yet. */
    void open(
            boolean version5, Limits limits, long maximumPacketSize, boolean logReachable, ChannelHandler... between) {
        ConnectOptions options = new ConnectOptions(
                WireFormat.JSON,
                true,
                65_535,
                System.currentTimeMillis(),
                System.currentTimeMillis() + Duration.ofHours(1).toMillis(),
                0,
                0,
                maximumPacketSize);
        Backend backend = new Backend(
                engine.node(),
                ChatRequests.of(engine.node(), new HeldReads(), new NoMedia(), outages),
                PublicationFilters.NONE,
                new NoMedia(),
                limits,
                subscribing,
                topics,
                outages,
                metrics,
                draining,
                () -> logReachable);
        protocol5 = version5;
        channel = new EmbeddedChannel(between);
        channel.attr(ClientConnectionContext.CHANNEL_ATTRIBUTE_NAME)
                .set(new UndefinedClientConnection(channel, null, null));
        SessionAnswer answer = new SessionAnswer(version5, 0, !rules.isEmpty());
        channel.pipeline().addLast(answer).addLast(new DeviceChannel(backend, ALICE, version5, options, rules, answer));
    }

    /** What a client leaves unread in its network: it is never written, and nobody hears of it. */
    static final class Unread extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {}
    }

    /** The client has gone: its transport ends, whatever the handlers want. */
    void close() {
        var unused = channel.pipeline().firstContext().close();
        channel.runPendingTasks();
    }

    void later(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    List<Mqtt5SubAckReasonCode> subscribe(String... filters) {
        List<Topic> topics = new ArrayList<>();
        for (String filter : filters) {
            topics.add(new Topic(filter, QoS.EXACTLY_ONCE));
        }
        channel.writeInbound(new SUBSCRIBE(ImmutableList.copyOf(topics), 9));
        return written(SUBACK.class).get(0).getReasonCodes();
    }

    void publish(int packetId, String topic, String payload) {
        channel.writeInbound(packet(packetId, topic, payload, QoS.AT_LEAST_ONCE, false));
    }

    void request(String payload, int correlation) {
        channel.writeInbound(new PUBLISHFactory.Mqtt5Builder()
                .fromPublish(packet(5, "user/alice/request", payload, QoS.AT_LEAST_ONCE, false))
                .withCorrelationData(new byte[] {(byte) correlation})
                .build());
    }

    void publishUnacknowledged(String topic, String payload) {
        channel.writeInbound(packet(0, topic, payload, QoS.AT_MOST_ONCE, false));
    }

    static PUBLISH packet(int packetId, String topic, String payload, QoS qos, boolean retain) {
        return new PUBLISHFactory.Mqtt5Builder()
                .withHivemqId("test")
                .withTopic(topic)
                .withPayload(payload.getBytes(StandardCharsets.UTF_8))
                .withQoS(qos)
                .withOnwardQos(qos)
                .withRetain(retain)
                .withPacketIdentifier(packetId)
                .build();
    }

    /** The PUBLISH packets that were written. */
    List<Received> received() {
        return received(all());
    }

    List<Received> received(List<Object> written) {
        return of(ByteBuf.class, written).stream()
                .map(bytes -> Received.read(bytes, protocol5))
                .toList();
    }

    List<ConversationCommand> messages() {
        return engine.commands.stream()
                .filter(ConversationCommand::hasSendMessage)
                .toList();
    }

    List<Mqtt5PubAckReasonCode> reasons() {
        return written(PUBACK.class).stream().map(PUBACK::getReasonCode).toList();
    }

    Mqtt5DisconnectReasonCode disconnected() {
        Mqtt5DisconnectReasonCode code = written(DISCONNECT.class).get(0).getReasonCode();
        assertThat(channel.isActive()).isFalse();
        return code;
    }

    <T> List<T> written(Class<T> type) {
        return of(type, all());
    }

    static <T> List<T> of(Class<T> type, List<Object> written) {
        return written.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<Object> all() {
        channel.runPendingTasks();
        List<Object> written = new ArrayList<>();
        for (@Nullable Object next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            written.add(next);
        }
        return written;
    }

    /** They are answered when the test says so. */
    private final class HeldReads implements Reads {
        @Override
        public CompletionStage<Found> history(UserId reader, ConversationId conversation, HistoryRequest request) {
            CompletableFuture<Reply> answer = new CompletableFuture<>();
            reads.add(answer);
            return answer.thenApply(reply -> new Found(reply, () -> released++));
        }
    }
}
