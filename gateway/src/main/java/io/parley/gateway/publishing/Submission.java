package io.parley.gateway.publishing;

import io.parley.protocol.wire.Property;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A publication as a transport received it.
 *
 * @param topic the topic's text
 * @param payload what was published; not to be changed
 * @param ticket what the transport acknowledges it by (on MQTT the packet id); 0: it is not acknowledged
 * @param correlation what the device wants to see with the answer to a request
 * @param properties what the device says beside the payload
 * @param fault what it asks for that is not offered, one line that may be shown to the device; null when there is nothing such
 */
@SuppressWarnings("ArrayRecordComponent")
public record Submission(
        String topic,
        byte[] payload,
        int ticket,
        byte @Nullable [] correlation,
        List<Property> properties,
        @Nullable String fault) {
    /** A publication that is its payload and nothing beside it. */
    public static Submission of(String topic, byte[] payload, int ticket) {
        return new Submission(topic, payload, ticket, null, List.of(), null);
    }
}
