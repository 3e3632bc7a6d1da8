package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.hivemq.codec.encoder.mqtt5.Mqtt5PayloadFormatIndicator;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.mqtt5.Mqtt5UserProperties;
import com.hivemq.mqtt.message.mqtt5.MqttUserProperty;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.publish.PUBLISHFactory;
import io.parley.protocol.WireFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each property of a PUBLISH is passed on, agrees with what holds anyway, or is refused. */
final class PublishPropertiesTest {
    private static final String CHAT = "chat/@bob/msg";
    private static final String REQUEST = "user/alice/request";

    @Test
    void a_publish_without_properties_is_what_it_was() {
        assertThat(fault(publish(CHAT), WireFormat.JSON)).isNull();
        assertThat(fault(publish(CHAT), WireFormat.PROTO)).isNull();
        assertThat(PublishProperties.passedOn(publish(CHAT).build())).isEmpty();
    }

    @Test
    void user_properties_are_passed_on_in_their_order() {
        PUBLISH publish = publish(CHAT)
                .withUserProperties(
                        Mqtt5UserProperties.of(MqttUserProperty.of("trace", "1"), MqttUserProperty.of("trace", "2")))
                .build();
        assertThat(PublishProperties.passedOn(publish))
                .extracting(property -> property.getName() + "=" + property.getValue())
                .isEqualTo(ImmutableList.of("trace=1", "trace=2"));
    }

    @Test
    void a_content_type_is_that_of_the_connection() {
        assertThat(fault(publish(CHAT).withContentType("application/json; charset=utf-8"), WireFormat.JSON))
                .isNull();
        assertThat(fault(publish(CHAT).withContentType("Text/Plain"), WireFormat.JSON))
                .isNull();
        assertThat(fault(publish(CHAT).withContentType("image/png"), WireFormat.JSON))
                .contains("content type");
        assertThat(fault(publish(CHAT).withContentType("application/json"), WireFormat.PROTO))
                .contains("content type");
        assertThat(fault(publish(CHAT).withContentType("application/x-protobuf"), WireFormat.PROTO))
                .isNull();
    }

    @Test
    void utf_8_is_what_json_is() {
        assertThat(fault(publish(CHAT).withPayloadFormatIndicator(Mqtt5PayloadFormatIndicator.UTF_8), WireFormat.JSON))
                .isNull();
        assertThat(fault(publish(CHAT).withPayloadFormatIndicator(Mqtt5PayloadFormatIndicator.UTF_8), WireFormat.PROTO))
                .contains("UTF-8");
    }

    @Test
    void a_message_expiry_is_refused_also_the_longest() {
        assertThat(fault(publish(CHAT).withMessageExpiryInterval(60), WireFormat.JSON))
                .contains("retention");
        assertThat(fault(publish(CHAT).withMessageExpiryInterval(0xFFFF_FFFFL), WireFormat.JSON))
                .contains("retention");
    }

    @Test
    void correlation_data_and_a_response_topic_are_for_requests() {
        assertThat(fault(publish(REQUEST).withCorrelationData(new byte[] {1}), WireFormat.JSON))
                .isNull();
        assertThat(fault(publish(CHAT).withCorrelationData(new byte[] {1}), WireFormat.JSON))
                .contains("correlation");
        assertThat(fault(publish(REQUEST).withResponseTopic("user/alice/reply"), WireFormat.JSON))
                .isNull();
        assertThat(fault(publish(REQUEST).withResponseTopic("user/bob/reply"), WireFormat.JSON))
                .contains("response topic");
        assertThat(fault(publish(CHAT).withResponseTopic("user/alice/reply"), WireFormat.JSON))
                .contains("response topic");
    }

    private static @Nullable String fault(PUBLISHFactory.Mqtt5Builder publish, WireFormat format) {
        return PublishProperties.fault(publish.build(), format, 1L << 32);
    }

    private static PUBLISHFactory.Mqtt5Builder publish(String topic) {
        return new PUBLISHFactory.Mqtt5Builder()
                .withHivemqId("here")
                .withTopic(topic)
                .withQoS(QoS.AT_LEAST_ONCE)
                .withOnwardQos(QoS.AT_LEAST_ONCE)
                .withPayload(new byte[0])
                .withUserProperties(Mqtt5UserProperties.NO_USER_PROPERTIES);
    }
}
