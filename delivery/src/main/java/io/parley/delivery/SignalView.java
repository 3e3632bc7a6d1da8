package io.parley.delivery;

import com.google.protobuf.Message;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.WireFormat;

/** A signal as some devices see it; encoded at most once for each encoding. */
public final class SignalView {
    private final ConversationId conversation;
    private final Feed feed;
    private final Message message;
    private volatile byte[] json = {};
    private volatile byte[] proto = {};

    SignalView(ConversationId conversation, Feed feed, Message message) {
        this.conversation = conversation;
        this.feed = feed;
        this.message = message;
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
                proto = format.encode(message);
            }
            return proto;
        }
        if (json.length == 0) {
            json = format.encode(message);
        }
        return json;
    }
}
