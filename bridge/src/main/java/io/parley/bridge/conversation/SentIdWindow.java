package io.parley.bridge.conversation;

import com.google.common.hash.Hashing;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Rows;
import io.parley.bridge.state.SentIds;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * At least the last 256 message ids of each sender, in 9 chunks of 32, so that a message writes one small row. A lookup reads the chunks that
 * exist: one for a sender of few messages.
 */
final class SentIdWindow {
    static final int CHUNKS = 9;
    static final int CHUNK_SIZE = 32;
    private static final long WINDOW_SECONDS = 7L * 24 * 3600;

    private final ConversationId conversation;
    private final Rows rows;
    /** Whose newest chunk is known: a message is looked up, and then added. */
    private @Nullable UserId known;

    private SentIds newest = SentIds.getDefaultInstance();

    SentIdWindow(ConversationId conversation, Rows rows) {
        this.conversation = conversation;
        this.rows = rows;
    }

    /** The seq of the message with that id, or 0. */
    int find(UserId sender, String messageId, long nowSeconds) {
        long hash = hash(messageId);
        int found = 0;
        for (SentIds ids : chunks(sender)) {
            for (int i = 0; i < ids.getHashesCount(); i++) {
                if (ids.getHashes(i) == hash && nowSeconds - ids.getAtSeconds(i) <= WINDOW_SECONDS) {
                    found = ids.getSeqs(i);
                }
            }
        }
        return found;
    }

    /** Adds the newest id; the oldest chunk goes when all are full. */
    void add(UserId sender, String messageId, int seq, long atSeconds) {
        if (!sender.equals(known)) {
            chunks(sender);
        }
        SentIds.Builder ids = newest.toBuilder();
        if (ids.getHashesCount() == CHUNK_SIZE) {
            ids = SentIds.newBuilder().setTurn(ids.getTurn() + 1);
        }
        ids.addHashes(hash(messageId)).addSeqs(seq).addAtSeconds((int) atSeconds);
        newest = ids.build();
        rows.put(key(sender, Integer.remainderUnsigned(newest.getTurn(), CHUNKS)), newest.toByteArray());
    }

    /** The user sent nothing. */
    void forget(UserId user) {
        rows.keys("d|" + conversation + "|" + user + "|").forEach(rows::delete);
        known = null;
    }

    private List<SentIds> chunks(UserId sender) {
        List<SentIds> chunks = new ArrayList<>();
        newest = SentIds.getDefaultInstance();
        known = sender;
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            byte[] row = rows.get(key(sender, chunk));
            if (row == null) {
                break;
            }
            SentIds ids = parse(row);
            chunks.add(ids);
            if (Integer.compareUnsigned(ids.getTurn(), newest.getTurn()) >= 0) {
                newest = ids;
            }
        }
        return chunks;
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
