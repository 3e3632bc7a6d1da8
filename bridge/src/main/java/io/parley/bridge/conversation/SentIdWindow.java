package io.parley.bridge.conversation;

import com.google.common.hash.Hashing;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Rows;
import io.parley.bridge.state.SentIds;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.nio.charset.StandardCharsets;

/**
 * At least the last 256 message ids of each sender, in 17 chunks of 16, so that a message writes one small row. A lookup reads the chunks that
 * exist: one for a sender of few messages.
 */
final class SentIdWindow {
    static final int CHUNKS = 17;
    static final int CHUNK_SIZE = 16;
    private static final long WINDOW_SECONDS = 7L * 24 * 3600;

    private final ConversationId conversation;
    private final Rows rows;

    SentIdWindow(ConversationId conversation, Rows rows) {
        this.conversation = conversation;
        this.rows = rows;
    }

    /** The seq of the message with that id, or 0. */
    int find(UserId sender, String messageId, long nowSeconds) {
        long hash = hash(messageId);
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            byte[] row = rows.get(key(sender, chunk));
            if (row == null) {
                break;
            }
            SentIds ids = parse(row);
            for (int i = 0; i < ids.getHashesCount(); i++) {
                if (ids.getHashes(i) == hash && nowSeconds - ids.getAtSeconds(i) <= WINDOW_SECONDS) {
                    return ids.getSeqs(i);
                }
            }
        }
        return 0;
    }

    /** Adds the newest id; the oldest chunk goes when all are full. */
    void add(UserId sender, String messageId, int seq, long atSeconds) {
        SentIds.Builder ids = newestChunk(sender).toBuilder();
        if (ids.getHashesCount() == CHUNK_SIZE) {
            ids = SentIds.newBuilder().setTurn(ids.getTurn() + 1);
        }
        ids.addHashes(hash(messageId)).addSeqs(seq).addAtSeconds((int) atSeconds);
        rows.put(
                key(sender, Integer.remainderUnsigned(ids.getTurn(), CHUNKS)),
                ids.build().toByteArray());
    }

    /** The user sent nothing. */
    void forget(UserId user) {
        rows.keys("d|" + conversation + "|" + user + "|").forEach(rows::delete);
    }

    private SentIds newestChunk(UserId sender) {
        SentIds newest = SentIds.getDefaultInstance();
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            byte[] row = rows.get(key(sender, chunk));
            if (row == null) {
                break;
            }
            SentIds ids = parse(row);
            if (Integer.compareUnsigned(ids.getTurn(), newest.getTurn()) >= 0) {
                newest = ids;
            }
        }
        return newest;
    }

    private String key(UserId sender, int chunk) {
        return "d|" + conversation + "|" + sender + "|" + chunk;
    }

    private static long hash(String messageId) {
        return Hashing.sipHash24().hashString(messageId, StandardCharsets.UTF_8).asLong();
    }

    private static SentIds parse(byte[] row) {
        try {
            return SentIds.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a window of message ids cannot be read", e);
        }
    }
}
