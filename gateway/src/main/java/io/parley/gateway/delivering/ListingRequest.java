package io.parley.gateway.delivering;

import com.google.protobuf.Message;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ListConversations;

/**
 * A page of a user's conversations that a connection asks for.
 *
 * @param requestId by which the engine's answers are known, different from that of every other request of the connection
 * @param page which page
 * @param format the encoding of the answer
 * @param maxBytes the most bytes that the summaries of the answer may have in that encoding
 */
public record ListingRequest(String requestId, ListConversations page, WireFormat format, int maxBytes) {
    /** What the encoding adds to one summary in a list, bytes: at most a tag and a length. */
    private static final int FRAME_BYTES = 6;

    /** The size of a summary in the answer. */
    int size(Message summary) {
        return format.encode(summary).length + FRAME_BYTES;
    }
}
