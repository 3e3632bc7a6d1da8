package io.parley.bench.measure;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import java.nio.charset.StandardCharsets;

/**
 * The seq and id of a delivered event. Of JSON only the beginning is looked at, where both stand: a full parse would cost the load
 * generator more than the broker spends on the delivery.
 *
 * @param seq its place
 * @param id empty for a membership change
 */
public record Glance(int seq, String id) {
    private static final byte[] SEQ = "\"seq\":".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ID = ",\"id\":\"".getBytes(StandardCharsets.UTF_8);

    /** @throws InvalidProtocolBufferException when it is no event */
    public static Glance of(byte[] payload, WireFormat encoding) throws InvalidProtocolBufferException {
        if (encoding == WireFormat.PROTO) {
            ChatEvent event = ChatEvent.parseFrom(payload);
            return new Glance(event.getSeq(), event.getId());
        }
        if (payload.length < 8 || payload[0] != '{' || !startsWith(payload, 1, SEQ)) {
            throw new InvalidProtocolBufferException("an event begins with its seq");
        }
        int at = 1 + SEQ.length;
        int seq = 0;
        while (at < payload.length && payload[at] >= '0' && payload[at] <= '9') {
            seq = seq * 10 + (payload[at] - '0');
            at++;
        }
        if (!startsWith(payload, at, ID)) {
            return new Glance(seq, "");
        }
        int start = at + ID.length;
        int end = start;
        while (end < payload.length && payload[end] != '"') {
            end++;
        }
        return new Glance(seq, new String(payload, start, end - start, StandardCharsets.ISO_8859_1));
    }

    private static boolean startsWith(byte[] payload, int at, byte[] pattern) {
        if (at + pattern.length > payload.length) {
            return false;
        }
        for (int i = 0; i < pattern.length; i++) {
            if (payload[at + i] != pattern[i]) {
                return false;
            }
        }
        return true;
    }
}
