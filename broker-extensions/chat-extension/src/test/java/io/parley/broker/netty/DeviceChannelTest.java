package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.hivemq.extension.sdk.api.packets.general.DisconnectedReasonCode;
import com.hivemq.extensions.events.OnServerDisconnectEvent;
import com.hivemq.mqtt.event.PublishDroppedEvent;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.disconnect.DISCONNECT;
import com.hivemq.mqtt.message.mqtt5.Mqtt5UserProperties;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.publish.PUBLISHFactory;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5SubAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5UnsubAckReasonCode;
import com.hivemq.mqtt.message.suback.SUBACK;
import com.hivemq.mqtt.message.subscribe.SUBSCRIBE;
import com.hivemq.mqtt.message.subscribe.Topic;
import com.hivemq.mqtt.message.unsuback.UNSUBACK;
import com.hivemq.mqtt.message.unsubscribe.UNSUBSCRIBE;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.parley.broker.connect.ConnectOptions;
import io.parley.broker.limit.Limits;
import io.parley.broker.limit.LimitsTest;
import io.parley.broker.metrics.BrokerMetrics;
import io.parley.broker.request.Reads;
import io.parley.broker.request.Requests;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class DeviceChannelTest {
    private static final DeviceId ALICE = DeviceId.parse("alice/phone");

    private final MiniEngine engine = new MiniEngine();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final BrokerMetrics metrics = new BrokerMetrics(registry, engine.node());
    private final List<CompletableFuture<Reply>> reads = new ArrayList<>();
    private EmbeddedChannel channel = connect(true);

    @Test
    void a_message_is_acknowledged_when_the_log_has_it() {
        engine.hold();
        publish(7, "chat/@bob/msg", "hi");
        assertThat(written(PUBACK.class)).isEmpty();

        engine.release();

        assertThat(written(PUBACK.class))
                .extracting(PUBACK::getPacketIdentifier)
                .containsExactly(7);
        assertThat(messages()).hasSize(1);
        assertThat(messages().get(0).getSendMessage().getPublication().getText())
                .isEqualTo("hi");
        assertThat(messages().get(0).getSendMessage().getPublication().getId()).hasSize(26);
        assertThat(messages().get(0).getOrigin().getUser()).isEqualTo("alice");
    }

    @Test
    void a_log_out_of_reach_is_told_to_the_device() {
        engine.fail();

        publish(7, "chat/@bob/msg", "hi");

        assertThat(reasons()).containsExactly(Mqtt5PubAckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void a_refusal_disconnects_an_older_client() {
        channel = connect(false);
        engine.fail();

        publish(7, "chat/@bob/msg", "hi");

        assertThat(written(PUBACK.class)).isEmpty();
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void what_is_no_message_is_refused() {
        publish(7, "chat/@bob/msg", "{\"text\":");

        assertThat(reasons()).containsExactly(Mqtt5PubAckReasonCode.PAYLOAD_FORMAT_INVALID);
        assertThat(engine.commands).isEmpty();
    }

    @Test
    void others_conversations_requests_and_ordinary_topics_are_refused() {
        publish(1, "chat/bob~carol/msg", "hi");
        publish(2, "user/bob/request", "{\"listConversations\":{}}");
        publish(3, "sensors/1", "21");
        publish(4, "chat/@bob/presence", "{}");

        assertThat(reasons()).hasSize(4).containsOnly(Mqtt5PubAckReasonCode.NOT_AUTHORIZED);
        assertThat(engine.commands).isEmpty();
    }

    @Test
    void acknowledgements_keep_the_order_of_the_messages() {
        engine.hold();
        publish(1, "chat/@bob/msg", "one");
        publish(2, "chat/@bob/msg", "{\"broken");
        publish(3, "chat/@bob/msg", "three");
        assertThat(written(PUBACK.class)).isEmpty();

        engine.release();

        assertThat(written(PUBACK.class))
                .extracting(PUBACK::getPacketIdentifier)
                .containsExactly(1, 2, 3);
    }

    @Test
    void reading_stops_at_a_hundred_open_messages_and_goes_on_later() {
        engine.hold();
        for (int i = 1; i <= 100; i++) {
            publish(i, "chat/@bob/msg", "m" + i);
        }
        assertThat(channel.config().isAutoRead()).isFalse();

        engine.release();

        assertThat(written(PUBACK.class)).hasSize(100);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void what_was_read_beyond_a_hundred_open_messages_waits_and_is_taken_in_order() {
        engine.hold();
        for (int i = 1; i <= 250; i++) {
            publish(i, "chat/@bob/msg", "m" + i);
        }
        channel.config().setAutoRead(true);
        publish(251, "chat/@bob/msg", "m251");
        channel.writeInbound(new DISCONNECT());
        assertThat(messages()).hasSize(100);
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(channel.inboundMessages()).as("what HiveMQ sees").isEmpty();

        engine.release();

        assertThat(written(PUBACK.class))
                .extracting(PUBACK::getPacketIdentifier)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 251).boxed().toList());
        assertThat(messages()).hasSize(251);
        assertThat(channel.inboundMessages()).hasOnlyElementsOfType(DISCONNECT.class);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void what_waits_when_the_connection_ends_is_not_taken() {
        engine.hold();
        for (int i = 1; i <= 101; i++) {
            publish(i, "chat/@bob/msg", "m" + i);
        }
        var unused = channel.close();
        channel.runPendingTasks();

        engine.release();

        assertThat(messages()).hasSize(100);
    }

    @Test
    void qos_2_and_retain_end_the_connection() {
        channel.writeInbound(packet(1, "chat/@bob/msg", "hi", QoS.EXACTLY_ONCE, false));
        assertThat(disconnected()).isEqualTo(Mqtt5DisconnectReasonCode.QOS_NOT_SUPPORTED);

        channel = connect(true);
        channel.writeInbound(packet(1, "chat/@bob/msg", "hi", QoS.AT_LEAST_ONCE, true));
        assertThat(disconnected()).isEqualTo(Mqtt5DisconnectReasonCode.RETAIN_NOT_SUPPORTED);
        assertThat(engine.commands).isEmpty();
    }

    @Test
    void a_client_that_does_not_read_is_cut_off_all_the_same() {
        channel = connect(true, LimitsTest.generous(), new Unread());
        channel.writeInbound(packet(1, "chat/@bob/msg", "hi", QoS.EXACTLY_ONCE, false));
        later(4);
        assertThat(channel.isActive()).as("it may still read why").isTrue();

        later(2);

        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void a_client_that_does_not_read_is_cut_off_when_hivemq_ends_it() {
        channel = connect(true, LimitsTest.generous(), new Unread());
        channel.pipeline()
                .fireUserEventTriggered(new OnServerDisconnectEvent(
                        DisconnectedReasonCode.SESSION_TAKEN_OVER, null, Mqtt5UserProperties.NO_USER_PROPERTIES));

        later(6);

        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void a_subscription_is_answered_filter_by_filter() {
        assertThat(subscribe("chat/alice~bob/msg", "chat/bob~carol/msg", "chat/+/msg", "user/alice/reply", "a/b"))
                .containsExactly(
                        Mqtt5SubAckReasonCode.GRANTED_QOS_1,
                        Mqtt5SubAckReasonCode.NOT_AUTHORIZED,
                        Mqtt5SubAckReasonCode.GRANTED_QOS_1,
                        Mqtt5SubAckReasonCode.GRANTED_QOS_1,
                        Mqtt5SubAckReasonCode.NOT_AUTHORIZED);
    }

    @Test
    void only_the_very_filter_ends_a_subscription() {
        subscribe("chat/+/msg", "user/alice/reply");
        channel.writeInbound(new UNSUBSCRIBE(
                ImmutableList.of("chat/@bob/msg", "user/bob/reply", "user/alice/#", "chat/+/msg", "chat/+/msg"), 10));

        assertThat(written(UNSUBACK.class).get(0).getReasonCodes())
                .containsExactly(
                        Mqtt5UnsubAckReasonCode.NO_SUBSCRIPTIONS_EXISTED,
                        Mqtt5UnsubAckReasonCode.NO_SUBSCRIPTIONS_EXISTED,
                        Mqtt5UnsubAckReasonCode.NO_SUBSCRIPTIONS_EXISTED,
                        Mqtt5UnsubAckReasonCode.SUCCESS,
                        Mqtt5UnsubAckReasonCode.NO_SUBSCRIPTIONS_EXISTED);
        publish(5, "user/alice/request", "{\"mute\":{\"conversation\":\"alice~bob\"}}");
        assertThat(written(PUBLISH.class)).as("replies still come").hasSize(1);
    }

    @Test
    void a_subscription_that_nobody_answers_is_no_denial() {
        engine.fail();

        assertThat(subscribe("chat/alice~bob/msg")).containsExactly(Mqtt5SubAckReasonCode.UNSPECIFIED_ERROR);
    }

    @Test
    void a_right_that_nobody_answers_is_no_denial() {
        engine.fail();

        publish(7, "chat/g01arz3ndektsv4rrffq69g5fav/msg", "hi");

        assertThat(reasons()).containsExactly(Mqtt5PubAckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
    }

    @Test
    void a_message_comes_back_with_its_seq_and_a_packet_id_of_the_delivery() {
        subscribe("chat/alice~bob/msg");
        publish(1, "chat/@bob/msg", "hi");

        List<PUBLISH> received = written(PUBLISH.class);

        assertThat(received).hasSize(1);
        assertThat(received.get(0).getTopic()).isEqualTo("chat/alice~bob/msg");
        assertThat(received.get(0).getPacketIdentifier()).isGreaterThanOrEqualTo(32_768);
        assertThat(text(received.get(0))).contains("\"seq\":1").contains("\"text\":\"hi\"");
        channel.writeInbound(new PUBACK(received.get(0).getPacketIdentifier()));
        assertThat(channel.inboundMessages()).as("HiveMQ sees none of it").isEmpty();
    }

    @Test
    void a_group_is_created_by_a_request_and_its_answer_echoes_id_and_correlation() {
        subscribe("user/alice/reply");
        request("{\"requestId\":\"r1\",\"createGroup\":{\"name\":\"team\",\"members\":[\"bob\"]}}", 42);

        List<Object> written = all();

        assertThat(of(PUBACK.class, written)).hasSize(1);
        PUBLISH reply = of(PUBLISH.class, written).get(0);
        assertThat(reply.getTopic()).isEqualTo("user/alice/reply");
        assertThat(text(reply)).contains("\"requestId\":\"r1\"").contains("\"conversation\":\"g");
        assertThat(reply.getCorrelationData()).containsExactly(42);
        assertThat(reply.getPacketIdentifier()).isBetween(16_384, 32_767);
    }

    @Test
    void a_request_without_an_id_is_answered_without_one() {
        subscribe("user/alice/reply");
        publish(5, "user/alice/request", "{\"mute\":{\"conversation\":\"alice~bob\"}}");

        PUBLISH reply = written(PUBLISH.class).get(0);

        assertThat(text(reply)).isEqualTo("{\"error\":{\"code\":\"BAD_REQUEST\",\"message\":\"not offered yet\"}}");
    }

    @Test
    void open_requests_of_the_same_id_get_their_own_correlation() {
        subscribe("user/alice/reply");
        request("{\"requestId\":\"r1\",\"history\":{\"conversation\":\"alice~bob\"}}", 1);
        request("{\"requestId\":\"r1\",\"listConversations\":{}}", 2);

        reads.get(1).complete(Reply.newBuilder().setConversation("second").build());
        reads.get(0).complete(Reply.newBuilder().setConversation("first").build());

        List<PUBLISH> replies = written(PUBLISH.class);
        assertThat(replies)
                .extracting(DeviceChannelTest::text)
                .containsExactly(
                        "{\"requestId\":\"r1\",\"conversation\":\"second\"}",
                        "{\"requestId\":\"r1\",\"conversation\":\"first\"}");
        assertThat(replies).extracting(PUBLISH::getCorrelationData).containsExactly(new byte[] {2}, new byte[] {1});
    }

    @Test
    void a_group_without_a_request_id_is_not_that_of_an_earlier_connection() {
        String group = "{\"createGroup\":{\"name\":\"team\"}}";
        publish(5, "user/alice/request", group);
        channel = connect(true);
        publish(5, "user/alice/request", group);

        assertThat(engine.userCommands.stream()
                        .filter(UserCommand::hasOpenGroup)
                        .map(UserCommand::getRequestId))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .doesNotContain("");
    }

    @Test
    void a_group_that_is_asked_for_again_keeps_the_id_by_which_the_engine_knows() {
        String group = "{\"requestId\":\"r1\",\"createGroup\":{\"name\":\"team\"}}";
        publish(5, "user/alice/request", group);
        channel = connect(true);
        publish(5, "user/alice/request", group);

        assertThat(engine.userCommands.stream()
                        .filter(UserCommand::hasOpenGroup)
                        .map(UserCommand::getRequestId))
                .containsExactly("r1", "r1");
    }

    @Test
    void reads_wait_for_a_device_that_is_slow_to_take_their_answers() {
        subscribe("user/alice/reply");
        for (int i = 0; i < 30; i++) {
            publish(5, "user/alice/request", "{\"requestId\":\"r" + i + "\",\"listConversations\":{}}");
        }
        assertThat(reads).hasSize(8);
        assertThat(written(PUBACK.class)).hasSize(30);

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            reads.get(i).complete(Reply.getDefaultInstance());
            PUBLISH answer = written(PUBLISH.class).get(0);
            answers.add(text(answer));
            assertThat(reads).as("while %s is not acknowledged", answer).hasSize(Math.min(30, i + 8));
            channel.writeInbound(new PUBACK(answer.getPacketIdentifier()));
        }

        assertThat(answers)
                .containsExactlyElementsOf(IntStream.range(0, 30)
                        .mapToObj(i -> "{\"requestId\":\"r" + i + "\"}")
                        .toList());
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void an_answer_that_is_larger_than_the_client_takes_is_refused() {
        channel = connect(true, LimitsTest.generous(), new SmallPackets());
        subscribe("user/alice/reply");
        request("{\"requestId\":\"r1\",\"listConversations\":{}}", 42);

        reads.get(0)
                .complete(Reply.newBuilder().setConversation("x".repeat(500)).build());

        PUBLISH refusal = written(PUBLISH.class).get(0);
        assertThat(text(refusal)).contains("\"requestId\":\"r1\"", "TOO_LARGE");
        assertThat(refusal.getPacketIdentifier()).isEqualTo(16_384);
        assertThat(refusal.getCorrelationData()).containsExactly(42);
    }

    @Test
    void a_client_that_takes_not_even_the_refusal_gets_the_answers_that_it_takes() {
        channel = connect(true, LimitsTest.generous(), new SmallPackets());
        subscribe("user/alice/reply");
        for (int i = 0; i < 9; i++) {
            request("{\"requestId\":\"" + "long".repeat(16) + "\",\"listConversations\":{}}", 42);
            reads.get(i)
                    .complete(
                            Reply.newBuilder().setConversation("x".repeat(500)).build());
        }
        assertThat(written(PUBLISH.class)).isEmpty();

        request("{\"requestId\":\"r1\",\"listConversations\":{}}", 42);
        reads.get(9).complete(Reply.getDefaultInstance());

        assertThat(written(PUBLISH.class)).hasSize(1);
    }

    @Test
    void more_than_a_hundred_requests_without_an_answer_are_too_many() {
        subscribe("user/alice/reply");
        for (int i = 0; i < 101; i++) {
            publish(5, "user/alice/request", "{\"requestId\":\"r" + i + "\",\"listDevices\":{}}");
        }

        assertThat(written(PUBLISH.class))
                .singleElement()
                .extracting(DeviceChannelTest::text, as(InstanceOfAssertFactories.STRING))
                .contains("\"r100\"", "RATE_LIMITED");
    }

    @Test
    void what_is_no_request_is_answered_when_its_id_can_be_read() {
        subscribe("user/alice/reply");
        publish(5, "user/alice/request", "{\"requestId\":\"r1\",\"createGroup\":5}");
        publish(6, "user/alice/request", "{\"requestId\":\"r2\",\"frobnicate\":{}}");
        publish(7, "user/alice/request", "{\"requestId\":\"" + "x".repeat(65) + "\",\"listDevices\":{}}");

        List<Object> written = all();

        assertThat(of(PUBACK.class, written))
                .extracting(PUBACK::getReasonCode)
                .containsOnly(Mqtt5PubAckReasonCode.SUCCESS);
        assertThat(of(PUBLISH.class, written))
                .extracting(DeviceChannelTest::text)
                .containsExactly(
                        "{\"requestId\":\"r1\",\"error\":{\"code\":\"BAD_REQUEST\",\"message\":\"not the JSON of a Request\"}}",
                        "{\"requestId\":\"r2\",\"error\":{\"code\":\"BAD_REQUEST\",\"message\":\"the request names nothing to do\"}}",
                        "{\"requestId\":\"" + "x".repeat(65)
                                + "\",\"error\":{\"code\":\"BAD_REQUEST\",\"message\":\"requestId is longer than 64 characters\"}}");
        assertThat(engine.userCommands).noneMatch(command -> command.hasListDevices());
    }

    @Test
    void a_request_without_a_legible_id_is_refused_in_its_puback() {
        subscribe("user/alice/reply");
        publish(5, "user/alice/request", "{\"requestId\":\"r1\",\"createGroup\":");

        assertThat(reasons()).containsExactly(Mqtt5PubAckReasonCode.PAYLOAD_FORMAT_INVALID);
    }

    @Test
    void messages_beyond_the_limit_are_refused_in_the_puback() {
        channel = connect(true, LimitsTest.limits(2, 1000, 1, 1));
        publish(1, "chat/@bob/msg", "one");
        publish(2, "chat/@bob/msg", "two");
        publish(3, "chat/@bob/msg", "three");

        List<Mqtt5PubAckReasonCode> reasons = reasons();

        assertThat(reasons)
                .containsExactly(
                        Mqtt5PubAckReasonCode.SUCCESS,
                        Mqtt5PubAckReasonCode.SUCCESS,
                        Mqtt5PubAckReasonCode.QUOTA_EXCEEDED);
        assertThat(reasons.get(2).getCode()).isEqualTo(0x97);
        assertThat(messages()).hasSize(2);
    }

    @Test
    void receipts_beyond_the_limit_are_refused_and_typing_is_let_go() {
        channel = connect(true, LimitsTest.limits(2, 1000, 1, 1));
        publish(1, "chat/@bob/receipt", "{\"read\":1}");
        publish(2, "chat/@bob/typing", "{\"typing\":true}");
        publish(3, "chat/@bob/receipt", "{\"read\":2}");
        publish(4, "chat/@bob/typing", "{\"typing\":false}");

        assertThat(reasons())
                .containsExactly(
                        Mqtt5PubAckReasonCode.SUCCESS,
                        Mqtt5PubAckReasonCode.SUCCESS,
                        Mqtt5PubAckReasonCode.QUOTA_EXCEEDED,
                        Mqtt5PubAckReasonCode.SUCCESS);
        assertThat(engine.commands.stream().filter(ConversationCommand::hasTypingNow))
                .hasSize(1);
    }

    @Test
    void a_message_beyond_the_limit_disconnects_an_older_client() {
        channel = connect(false, LimitsTest.limits(1, 1000, 1, 1));
        publish(1, "chat/@bob/msg", "one");
        assertThat(channel.isActive()).isTrue();

        publish(2, "chat/@bob/msg", "two");

        assertThat(channel.isActive()).isFalse();
        assertThat(messages()).hasSize(1);
    }

    @Test
    void requests_beyond_the_limit_are_answered_so() {
        channel = connect(true, LimitsTest.limits(1, 1000, 2, 1));
        subscribe("user/alice/reply");
        for (String id : List.of("r1", "r2", "r3")) {
            publish(5, "user/alice/request", "{\"requestId\":\"" + id + "\",\"mute\":{}}");
        }
        publish(6, "user/alice/request", "{\"requestId\":\"r4\",\"createGroup\":5}");

        assertThat(written(PUBLISH.class))
                .extracting(DeviceChannelTest::text)
                .satisfiesExactly(
                        reply -> assertThat(reply).contains("\"r1\"", "BAD_REQUEST"),
                        reply -> assertThat(reply).contains("\"r2\"", "BAD_REQUEST"),
                        reply -> assertThat(reply).contains("\"r3\"", "RATE_LIMITED"),
                        reply -> assertThat(reply).contains("\"r4\"", "RATE_LIMITED"));
    }

    @Test
    void what_is_refused_at_qos_0_comes_back_as_an_error_at_qos_0() {
        channel = connect(true, LimitsTest.limits(2, 1000, 1, 1));
        subscribe("user/alice/reply");
        publishUnacknowledged("chat/bob~carol/typing", "{\"typing\":true}");
        publishUnacknowledged("chat/@bob/msg", "{\"id\":\"m1\",\"text\":\"one\"}");
        publishUnacknowledged("chat/bob~carol/typing", "{\"typing\":true}");
        publishUnacknowledged("chat/@bob/msg", "{\"id\":\"m2\",\"text\":\"two\"}");
        publishUnacknowledged("chat/@bob/msg", "{\"id\":\"m3\",\"text\":3}");
        publishUnacknowledged("sensors/1", "21");

        List<PUBLISH> errors = written(PUBLISH.class);

        assertThat(errors).allMatch(error -> error.getTopic().equals("user/alice/reply"));
        assertThat(errors).allMatch(error -> error.getQoS() == QoS.AT_MOST_ONCE);
        assertThat(errors)
                .extracting(DeviceChannelTest::text)
                .containsExactly(
                        error("NOT_A_MEMBER", "not a member", "", "bob~carol"),
                        error("RATE_LIMITED", "too many messages, slow down", ",\"messageId\":\"m2\"", "alice~bob"),
                        error("BAD_REQUEST", "not the JSON of a Publication", ",\"messageId\":\"m3\"", "alice~bob"),
                        "{\"error\":{\"code\":\"NOT_ALLOWED\",\"message\":\"nothing may be published there\"}}");
        assertThat(messages()).hasSize(1);
    }

    @Test
    void what_is_refused_at_qos_0_disconnects_an_older_client() {
        channel = connect(false);

        publishUnacknowledged("chat/bob~carol/msg", "hi");

        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void the_end_of_the_channel_ends_the_session() {
        var unused = channel.close();
        channel.runPendingTasks();

        assertThat(engine.userCommands).anyMatch(command -> command.hasDeviceDisconnected());
    }

    @Test
    void what_happens_is_counted() {
        subscribe("chat/alice~bob/msg");
        publish(1, "chat/@bob/msg", "one");
        publish(2, "chat/@bob/msg", "two");
        publish(3, "chat/bob~carol/msg", "not mine");
        channel.writeInbound(new PUBACK(written(PUBLISH.class).get(0).getPacketIdentifier()));

        assertThat(registry.get("parley.broker.publishes")
                        .tag("outcome", "accepted")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("parley.broker.publishes")
                        .tag("outcome", "refused")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("parley.broker.deliveries").functionCounter().count())
                .isEqualTo(2);
        assertThat(registry.get("parley.broker.acknowledgements")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("parley.broker.connections").gauge().value()).isEqualTo(1);
        assertThat(registry.get("parley.broker.devices.behind").gauge().value()).isZero();

        var unused = channel.close();
        channel.runPendingTasks();
        assertThat(registry.get("parley.broker.connections").gauge().value()).isZero();
    }

    private EmbeddedChannel connect(boolean version5) {
        return connect(version5, LimitsTest.generous());
    }

    private EmbeddedChannel connect(boolean version5, Limits limits, ChannelHandler... between) {
        ConnectOptions options = new ConnectOptions(
                WireFormat.JSON,
                true,
                65_535,
                System.currentTimeMillis() + Duration.ofHours(1).toMillis(),
                0);
        Backend backend = new Backend(engine.node(), new Requests(engine, new HeldReads(), limits), metrics);
        EmbeddedChannel connected = new EmbeddedChannel(between);
        connected.pipeline().addLast(new DeviceChannel(backend, ALICE, version5, options));
        return connected;
    }

    /** What a client leaves unread in its network: it is never written, and nobody hears of it. */
    private static final class Unread extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {}
    }

    /** Drops what is too large for the client, as HiveMQ's encoder does. */
    private static final class SmallPackets extends ChannelOutboundHandlerAdapter {
        private static final int MAX_PAYLOAD = 150;

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof PUBLISH publish
                    && Objects.requireNonNull(publish.getPayload()).length > MAX_PAYLOAD) {
                context.pipeline().fireUserEventTriggered(new PublishDroppedEvent(publish));
                promise.setSuccess();
            } else {
                var unused = context.write(message, promise);
            }
        }
    }

    private void later(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    private List<Mqtt5SubAckReasonCode> subscribe(String... filters) {
        List<Topic> topics = new ArrayList<>();
        for (String filter : filters) {
            topics.add(new Topic(filter, QoS.EXACTLY_ONCE));
        }
        channel.writeInbound(new SUBSCRIBE(ImmutableList.copyOf(topics), 9));
        return written(SUBACK.class).get(0).getReasonCodes();
    }

    private void publish(int packetId, String topic, String payload) {
        channel.writeInbound(packet(packetId, topic, payload, QoS.AT_LEAST_ONCE, false));
    }

    private void request(String payload, int correlation) {
        channel.writeInbound(new PUBLISHFactory.Mqtt5Builder()
                .fromPublish(packet(5, "user/alice/request", payload, QoS.AT_LEAST_ONCE, false))
                .withCorrelationData(new byte[] {(byte) correlation})
                .build());
    }

    private void publishUnacknowledged(String topic, String payload) {
        channel.writeInbound(packet(0, topic, payload, QoS.AT_MOST_ONCE, false));
    }

    private static PUBLISH packet(int packetId, String topic, String payload, QoS qos, boolean retain) {
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

    private static String error(String code, String message, String id, String conversation) {
        return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"" + id + ",\"conversation\":\""
                + conversation + "\"}}";
    }

    private static String text(PUBLISH publish) {
        return new String(Objects.requireNonNull(publish.getPayload()), StandardCharsets.UTF_8);
    }

    private List<ConversationCommand> messages() {
        return engine.commands.stream()
                .filter(ConversationCommand::hasSendMessage)
                .toList();
    }

    private List<Mqtt5PubAckReasonCode> reasons() {
        return written(PUBACK.class).stream().map(PUBACK::getReasonCode).toList();
    }

    private Mqtt5DisconnectReasonCode disconnected() {
        Mqtt5DisconnectReasonCode code = written(DISCONNECT.class).get(0).getReasonCode();
        assertThat(channel.isActive()).isFalse();
        return code;
    }

    private <T> List<T> written(Class<T> type) {
        return of(type, all());
    }

    private static <T> List<T> of(Class<T> type, List<Object> written) {
        return written.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private List<Object> all() {
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
        public CompletionStage<Reply> history(UserId reader, ConversationId conversation, HistoryRequest request) {
            return conversations(reader);
        }

        @Override
        public CompletionStage<Reply> conversations(UserId reader) {
            CompletableFuture<Reply> answer = new CompletableFuture<>();
            reads.add(answer);
            return answer;
        }
    }
}
