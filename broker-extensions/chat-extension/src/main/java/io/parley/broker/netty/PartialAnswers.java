package io.parley.broker.netty;

import com.hivemq.mqtt.message.reason.Mqtt5SubAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5UnsubAckReasonCode;
import com.hivemq.mqtt.message.suback.SUBACK;
import com.hivemq.mqtt.message.unsuback.UNSUBACK;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Packets of which HiveMQ has got only a part: its answers are completed on their way out. Of one connection, on its event loop. */
final class PartialAnswers {
    private final Map<Integer, @Nullable Mqtt5SubAckReasonCode[]> subacks = new HashMap<>();
    private final Map<Integer, @Nullable Mqtt5UnsubAckReasonCode[]> unsubacks = new HashMap<>();

    /** HiveMQ answers what is null in {@code codes}, in its order. */
    void expect(int packetId, @Nullable Mqtt5SubAckReasonCode[] codes) {
        subacks.put(packetId, codes);
    }

    /** The same for an UNSUBSCRIBE. */
    void expect(int packetId, @Nullable Mqtt5UnsubAckReasonCode[] codes) {
        unsubacks.put(packetId, codes);
    }

    /** What goes out instead of what HiveMQ writes. */
    Object completed(Object message) {
        if (message instanceof SUBACK part) {
            int packetId = part.getPacketIdentifier();
            @Nullable Mqtt5SubAckReasonCode[] codes = subacks.remove(packetId);
            return codes == null ? message : new SUBACK(packetId, filled(codes, part.getReasonCodes()));
        }
        if (message instanceof UNSUBACK part) {
            int packetId = part.getPacketIdentifier();
            @Nullable Mqtt5UnsubAckReasonCode[] codes = unsubacks.remove(packetId);
            return codes == null ? message : new UNSUBACK(packetId, filled(codes, part.getReasonCodes()));
        }
        return message;
    }

    private static <C> List<C> filled(@Nullable C[] codes, List<C> part) {
        Iterator<C> next = part.iterator();
        return Arrays.stream(codes)
                .map(code -> code == null ? next.next() : code)
                .toList();
    }
}
