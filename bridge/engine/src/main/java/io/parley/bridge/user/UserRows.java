package io.parley.bridge.user;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.parley.bridge.Rows;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One user's rows.
 *
 * @param all rows of the partition
 */
public record UserRows(UserId id, Rows all) {
    /** The key of the row of that family, and of what its shape names after the user. */
    public String key(UserFamily family, String... parts) {
        String key = family.prefix() + id;
        return parts.length == 0 ? key : key + "|" + String.join("|", parts);
    }

    public String key(UserFamily family, ConversationId conversation) {
        return family.prefix() + id + "|" + conversation;
    }

    public void put(String key, MessageLite row) {
        all.put(key, row.toByteArray());
    }

    /** A row whose key says everything. */
    public void putEmpty(String key) {
        all.put(key, new byte[0]);
    }

    public void putUnlessEmpty(String key, MessageLite row) {
        if (row.getSerializedSize() == 0) {
            all.delete(key);
        } else {
            put(key, row);
        }
    }

    public void delete(String key) {
        all.delete(key);
    }

    /** Removes the rows of a family that has several. */
    public void deleteAll(UserFamily family) {
        all.keys(key(family, "")).forEach(all::delete);
    }

    public boolean has(String key) {
        return all.get(key) != null;
    }

    /** The keys that begin with {@code prefix}, ascending. */
    public List<String> keys(String prefix) {
        return all.keys(prefix);
    }

    /** The conversations that a family has rows of, ascending. */
    public List<ConversationId> conversations(UserFamily family) {
        String prefix = key(family, "");
        return all.keys(prefix).stream()
                .map(key -> ConversationId.parse(key.substring(prefix.length())))
                .toList();
    }

    /** The first conversations after that name that a family has rows of, ascending. */
    public List<ConversationId> conversations(UserFamily family, String after, int limit) {
        String prefix = key(family, "");
        // The least key that is greater.
        String from = after.isEmpty() ? prefix : prefix + after + Character.MIN_VALUE;
        return all.keys(from, prefix + Character.MAX_VALUE, limit).stream()
                .map(key -> ConversationId.parse(key.substring(prefix.length())))
                .toList();
    }

    public <T> T get(String key, Parser<T> parser, T otherwise) {
        T row = get(key, parser);
        return row == null ? otherwise : row;
    }

    public <T> @Nullable T get(String key, Parser<T> parser) {
        byte[] row = all.get(key);
        try {
            return row == null ? null : parser.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("state row cannot be read, key=" + key, e);
        }
    }
}
