package io.parley.bridge.conversation;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.parley.bridge.Rows;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Users;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
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

    /** The key of the row of that family, and of what its shape names after the conversation. */
    public String key(RowFamily family, String... parts) {
        return parts.length == 0 ? family.prefix() + id : family.prefix() + id + "|" + String.join("|", parts);
    }

    public Head head() {
        Head known = head;
        if (known == null) {
            known = get(key(RowFamily.HEAD), Head.parser(), Head.getDefaultInstance());
            head = known;
        }
        return known;
    }

    public void putHead(Head now) {
        put(key(RowFamily.HEAD), now);
        head = now;
    }

    public void put(String key, MessageLite row) {
        rows.put(key, row.toByteArray());
    }

    /** A row whose key says everything. */
    public void putEmpty(String key) {
        rows.put(key, new byte[0]);
    }

    /** Whether the user is a member now. */
    public boolean isMember(UserId user) {
        return id.isDirect() ? id.isDirectMember(user) : has(key(RowFamily.MEMBER, user.value()));
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

    /** Removes the rows whose keys begin with {@code prefix} and a separator. */
    public void deleteAll(String prefix) {
        keys(prefix).forEach(rows::delete);
    }

    /** The users in the one row of a family, except one. */
    public Users usersWithout(RowFamily family, String user) {
        Users.Builder others = Users.newBuilder();
        get(key(family), Users.parser(), Users.getDefaultInstance()).getUsersList().stream()
                .filter(other -> !other.equals(user))
                .forEach(others::addUsers);
        return others.build();
    }

    /** The users that a family has rows of, ascending. */
    public List<UserId> users(RowFamily family) {
        String prefix = key(family, "");
        return rows.keys(prefix).stream()
                .map(key -> UserId.parse(key.substring(prefix.length())))
                .toList();
    }

    /** The first users after that name that a family has rows of, ascending; with {@code parts} between conversation and user. */
    public List<UserId> users(RowFamily family, String after, int limit, String... parts) {
        String prefix = key(family, parts) + "|";
        // The least key that is greater.
        String from = after.isEmpty() ? prefix : prefix + after + Character.MIN_VALUE;
        return rows.keys(from, prefix + Character.MAX_VALUE, limit).stream()
                .map(key -> UserId.parse(key.substring(prefix.length())))
                .toList();
    }

    /** The conversations that a family of one row each has rows of. No row is read: one may be unreadable. */
    public static List<ConversationId> of(RowFamily family, Rows rows) {
        int from = family.prefix().length();
        return rows.keys(family.prefix()).stream()
                .map(key -> ConversationId.parse(key.substring(from)))
                .toList();
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
