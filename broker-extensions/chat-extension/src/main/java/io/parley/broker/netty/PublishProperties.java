package io.parley.broker.netty;

import com.hivemq.codec.encoder.mqtt5.Mqtt5PayloadFormatIndicator;
import com.hivemq.mqtt.message.mqtt5.MqttUserProperty;
import com.hivemq.mqtt.message.publish.PUBLISH;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The properties of a PUBLISH: which are passed on, and which ask for something that is not offered. docs/protocol.md lists them all. */
final class PublishProperties {
    private static final Set<String> JSON_TYPES = Set.of("application/json", "text/plain");
    private static final Set<String> PROTO_TYPES =
            Set.of("application/x-protobuf", "application/protobuf", "application/octet-stream");
    private static final String REQUESTS = "/request";

    private PublishProperties() {}

    /** The user properties. */
    static List<Property> passedOn(PUBLISH publish) {
        if (publish.getUserProperties().asList().isEmpty()) {
            return List.of();
        }
        List<Property> properties = new ArrayList<>();
        for (MqttUserProperty property : publish.getUserProperties().asList()) {
            properties.add(Property.newBuilder()
                    .setName(property.getName())
                    .setValue(property.getValue())
                    .build());
        }
        return properties;
    }

    /**
     * What is not offered, one line for the device; null when there is nothing such.
     *
     * @param longestExpirySeconds what HiveMQ puts where no expiry interval is, and instead of a longer one
     */
    static @Nullable String fault(PUBLISH publish, WireFormat format, long longestExpirySeconds) {
        if (publish.getMessageExpiryInterval() < longestExpirySeconds) {
            return "a message expiry interval is not offered: the conversation's retention says how long a message is kept";
        }
        if (publish.getPayloadFormatIndicator() == Mqtt5PayloadFormatIndicator.UTF_8 && format == WireFormat.PROTO) {
            return "the payload format indicator says UTF-8, but the connection's encoding is Protocol Buffers";
        }
        if (publish.getContentType() != null && !isOf(publish.getContentType(), format)) {
            return "the content type is not that of the connection's encoding; the type of data is contentType in the payload";
        }
        return fault(publish, publish.getTopic().endsWith(REQUESTS));
    }

    private static @Nullable String fault(PUBLISH publish, boolean request) {
        if (publish.getResponseTopic() != null && !(request && isReplies(publish))) {
            return "a response topic is not offered: answers come on user/{me}/reply";
        }
        if (publish.getCorrelationData() != null && !request) {
            return "correlation data is for requests";
        }
        return null;
    }

    /** Whether the response topic is where answers come anyway. */
    private static boolean isReplies(PUBLISH publish) {
        String topic = publish.getTopic();
        return (topic.substring(0, topic.length() - REQUESTS.length()) + "/reply").equals(publish.getResponseTopic());
    }

    private static boolean isOf(String contentType, WireFormat format) {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return (format == WireFormat.JSON ? JSON_TYPES : PROTO_TYPES).contains(type);
    }
}
