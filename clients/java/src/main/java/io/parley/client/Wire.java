package io.parley.client;

import com.google.protobuf.Message;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;

/** Topics and payloads. */
final class Wire {
    private static final WireFormat FORMAT = WireFormat.PROTO;

    private Wire() {}

    static String topic(ConversationId conversation, Feed feed) {
        return "chat/" + conversation + "/" + feed.level();
    }

    /** Everything of the conversation. */
    static String all(ConversationId conversation) {
        return "chat/" + conversation + "/#";
    }

    static String requests(UserId user) {
        return "user/" + user + "/request";
    }

    static String replies(UserId user) {
        return "user/" + user + "/reply";
    }

    static byte[] encode(Message message) {
        return FORMAT.encode(message);
    }

    static <B extends Message.Builder> B decode(byte[] payload, B into) throws MalformedPayload {
        FORMAT.decode(payload, into);
        return into;
    }
}
