package io.parley.bridge.conversation;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.parley.bridge.Rows;
import io.parley.bridge.state.Head;
import io.parley.protocol.ConversationId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One conversation's rows: a key is a letter, the conversation, and what else it is about. */
public final class ConversationRows {
    private final ConversationId id;
    private final Rows rows;
    /** As the row is, once it was read: a command asks for it several times. */
    private @Nullable Head head;

    public ConversationRows(ConversationId id, Rows rows) {
        this.id = id;
        this.rows = rows;
    }

    public String key(char family, String... parts) {
        return parts.length == 0 ? family + "|" + id : family + "|" + id + "|" + String.join("|", parts);
    }

    public Head head() {
        Head known = head;
        if (known == null) {
            known = get(key('h'), Head.parser(), Head.getDefaultInstance());
            head = known;
        }
        return known;
    }

    public void putHead(Head now) {
        put(key('h'), now);
        head = now;
    }

    public void put(String key, MessageLite row) {
        rows.put(key, row.toByteArray());
    }

    public void putUnlessEmpty(String key, MessageLite row) {
        if (row.getSerializedSize() == 0) {
            rows.delete(key);
        } else {
            put(key, row);
        }
    }

    public boolean has(String key) {
        return rows.get(key) != null;
    }

    public void delete(String key) {
        rows.delete(key);
    }

    /** The keys that begin with {@code prefix} and a separator. */
    public List<String> keys(String prefix) {
        return rows.keys(prefix + "|");
    }

    /** The first keys of a range, ascending. */
    public List<String> keys(String from, String before, int limit) {
        return rows.keys(from, before, limit);
    }

    public <T> T get(String key, Parser<T> parser, T otherwise) {
        T row = get(key, parser);
        return row == null ? otherwise : row;
    }

    public <T> @Nullable T get(String key, Parser<T> parser) {
        byte[] row = rows.get(key);
        try {
            return row == null ? null : parser.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("state row cannot be read, key=" + key, e);
        }
    }
}
