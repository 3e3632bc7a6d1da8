package io.parley.gateway.delivering;

import com.google.protobuf.Message;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.WireFormat;
import java.util.function.Function;

/** A signal as some devices see it; encoded at most once for each encoding. */
public final class SignalView {
    private final ConversationId conversation;
    private final Feed feed;
    private final Function<WireFormat, byte[]> encoding;
    private volatile byte[] json = {};
    private volatile byte[] proto = {};

    SignalView(ConversationId conversation, Feed feed, Message message) {
        this(conversation, feed, format -> format.encode(message));
    }

    /** @param encoding gives the payload in an encoding, always the same */
    SignalView(ConversationId conversation, Feed feed, Function<WireFormat, byte[]> encoding) {
        this.conversation = conversation;
        this.feed = feed;
        this.encoding = encoding;
    }

    /** The conversation that it is about. */
    public ConversationId conversation() {
        return conversation;
    }

    /** Receipts, typing or presence. */
    public Feed feed() {
        return feed;
    }

    /** The payload for a connection of that encoding; not to be changed. */
    public byte[] payload(WireFormat format) {
        if (format == WireFormat.PROTO) {
            if (proto.length == 0) {
                proto = encoding.apply(format);
            }
            return proto;
        }
        if (json.length == 0) {
            json = encoding.apply(format);
        }
        return json;
    }
}
