package io.parley.broker.netty;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;

/** A PUBLISH as the client's own library reads it; {@code alias} and {@code correlation} are empty where there are none. */
record Received(
        String topic,
        String text,
        int packetId,
        int qos,
        boolean duplicate,
        @Nullable Integer alias,
        List<Integer> identifiers,
        List<Integer> correlation) {

    /** Reads all bytes of one packet, and releases them. */
    static Received read(ByteBuf packet, boolean version5) {
        byte[] bytes = new byte[packet.readableBytes()];
        packet.readBytes(bytes);
        packet.release();
        try {
            return version5 ? read5(bytes) : read3(bytes);
        } catch (MqttException | org.eclipse.paho.mqttv5.common.MqttException e) {
            throw new AssertionError(e);
        }
    }

    private static Received read5(byte[] bytes) throws org.eclipse.paho.mqttv5.common.MqttException {
        var packet = (org.eclipse.paho.mqttv5.common.packet.MqttPublish)
                org.eclipse.paho.mqttv5.common.packet.MqttWireMessage.createWireMessage(bytes);
        MqttProperties properties = packet.getProperties();
        byte[] correlation = properties.getCorrelationData();
        return new Received(
                packet.getTopicName() == null ? "" : packet.getTopicName(),
                new String(packet.getMessage().getPayload(), StandardCharsets.UTF_8),
                packet.getMessageId(),
                packet.getQoS(),
                (bytes[0] & 0x08) != 0,
                properties.getTopicAlias(),
                properties.getSubscriptionIdentifiers(),
                correlation == null ? List.of() : ints(correlation));
    }

    private static Received read3(byte[] bytes) throws MqttException {
        var packet = (org.eclipse.paho.client.mqttv3.internal.wire.MqttPublish)
                org.eclipse.paho.client.mqttv3.internal.wire.MqttWireMessage.createWireMessage(bytes);
        return new Received(
                packet.getTopicName(),
                new String(packet.getMessage().getPayload(), StandardCharsets.UTF_8),
                packet.getMessageId(),
                packet.getMessage().getQos(),
                (bytes[0] & 0x08) != 0,
                null,
                List.of(),
                List.of());
    }

    private static List<Integer> ints(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).chars().boxed().toList();
    }
}
