package io.parley.delivery;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;

/** One event of a conversation: its number and its bytes as the engine made them. Its JSON is made at most once per node. */
public final class SequencedEvent {
    private final int seq;
    private final byte[] proto;
    private volatile byte[] json = {};

    /**
     * @param seq its number in the conversation, from 1
     * @param proto the {@code ChatEvent}'s bytes; not copied
     */
    public SequencedEvent(int seq, byte[] proto) {
        this.seq = seq;
        this.proto = proto;
    }

    /** The number in the conversation, from 1. */
    public int seq() {
        return seq;
    }

    /** The payload for a connection of that encoding; not to be changed. */
    public byte[] payload(WireFormat format) {
        if (format == WireFormat.PROTO) {
            return proto;
        }
        if (json.length == 0) {
            json = format.encode(decoded());
        }
        return json;
    }

    /** The event itself. */
    public ChatEvent decoded() {
        try {
            return ChatEvent.parseFrom(proto);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the log holds something that is no ChatEvent, seq=" + seq, e);
        }
    }
}
