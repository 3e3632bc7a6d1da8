package io.parley.protocol;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.wire.ChatEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One event of a conversation: its number and its bytes as the engine made them. Its JSON is made at most once per node. */
public final class SequencedEvent {
    private static final int TAG_TYPE_BITS = 3;

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

    /** How many bytes it has. */
    public int bytes() {
        return proto.length;
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

    /** The event if it takes something out of those before it, else null: found without decoding the rest. */
    public @Nullable ChatEvent erasing() {
        try {
            CodedInputStream in = CodedInputStream.newInstance(proto);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int field = tag >>> TAG_TYPE_BITS;
                if (field == ChatEvent.DELETED_FIELD_NUMBER || field == ChatEvent.USER_ERASED_FIELD_NUMBER) {
                    return decoded();
                }
                in.skipField(tag);
            }
            return null;
        } catch (IOException e) {
            throw new IllegalStateException("the log holds something that is no ChatEvent, seq=" + seq, e);
        }
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
