package io.parley.bridge.user.admission;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.parley.bridge.Rows;
import io.parley.bridge.state.Known;
import io.parley.bridge.state.Spent;
import io.parley.bridge.state.Tally;
import io.parley.protocol.UserId;
import org.jspecify.annotations.Nullable;

/** What decides whether a user gets one more conversation: whether an operator made the user known, how many there are, what was done lately. */
public final class AdmissionRows {
    private static final String KNOWN = "k|";
    private static final String TALLY = "t|";
    private static final String SPENT = "s|";

    private final UserId id;
    private final Rows rows;
    /** Where the conversations that the user is in have their rows. */
    private final String conversations;

    public AdmissionRows(UserId id, Rows rows, String conversations) {
        this.id = id;
        this.rows = rows;
        this.conversations = conversations;
    }

    public boolean isKnown() {
        return rows.get(KNOWN + id) != null;
    }

    public void know(long sinceMillis) {
        rows.put(
                KNOWN + id,
                Known.newBuilder().setSinceMillis(sinceMillis).build().toByteArray());
    }

    /** A row of an older version has no tally: then the conversations are counted. */
    public int count() {
        Tally tally = get(TALLY + id, Tally.parser());
        return tally == null ? rows.keys(conversations).size() : tally.getConversations();
    }

    public void count(int now) {
        if (now == 0) {
            rows.delete(TALLY + id);
        } else {
            rows.put(
                    TALLY + id, Tally.newBuilder().setConversations(now).build().toByteArray());
        }
    }

    public Spent spent() {
        Spent spent = get(SPENT + id, Spent.parser());
        return spent == null ? Spent.getDefaultInstance() : spent;
    }

    public void spent(Spent now) {
        rows.put(SPENT + id, now.toByteArray());
    }

    /** The user is as if never seen, but for the conversations that are left. */
    public void erase() {
        rows.delete(KNOWN + id);
        rows.delete(SPENT + id);
        count(rows.keys(conversations).size());
    }

    private <T> @Nullable T get(String key, Parser<T> parser) {
        byte[] row = rows.get(key);
        try {
            return row == null ? null : parser.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("state row cannot be read, key=" + key, e);
        }
    }
}
