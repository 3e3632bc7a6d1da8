package io.parley.bridge.conversation.window;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Rows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.state.Edits;
import io.parley.bridge.state.Reactions;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.ArrayList;
import java.util.List;

/** What was done to messages in the window: a row for the edits of one, and a row for what one member set on one. Most messages have none. */
public final class MessageMarks {
    /** Of a key of reactions: the letter, the conversation, the block, the seq and the user. */
    private static final int REACTION_PARTS = 5;

    private final ConversationId conversation;
    private final Rows rows;

    public MessageMarks(ConversationId conversation, Rows rows) {
        this.conversation = conversation;
        this.rows = rows;
    }

    public List<Integer> edits(int seq) {
        byte[] row = rows.get(key(seq));
        try {
            return row == null ? List.of() : Edits.parseFrom(row).getSeqsList();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the edits of a message cannot be read", e);
        }
    }

    public void edited(int seq, int by) {
        Edits edits = Edits.newBuilder().addAllSeqs(edits(seq)).addSeqs(by).build();
        rows.put(key(seq), edits.toByteArray());
    }

    public List<String> reactions(int seq, UserId user) {
        byte[] row = rows.get(key(seq) + "|" + user);
        try {
            return row == null ? List.of() : Reactions.parseFrom(row).getEmojisList();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the reactions to a message cannot be read", e);
        }
    }

    public void reacted(int seq, UserId user, String emoji, boolean remove) {
        List<String> emojis = new ArrayList<>(reactions(seq, user));
        emojis.remove(emoji);
        if (!remove) {
            emojis.add(emoji);
        }
        String key = key(seq) + "|" + user;
        if (emojis.isEmpty()) {
            rows.delete(key);
        } else {
            rows.put(key, Reactions.newBuilder().addAllEmojis(emojis).build().toByteArray());
        }
    }

    /** The message is one no more. */
    public void erase(int seq) {
        if (rows.get(key(seq)) != null) {
            rows.delete(key(seq));
        }
        rows.keys(key(seq) + "|").forEach(rows::delete);
    }

    /** The user set nothing. */
    public void forget(UserId user) {
        // A user may be called like a seq, with which the keys of edits end.
        rows.keys(RowFamily.MARKS.prefix() + conversation + "|").stream()
                .filter(key -> key.split("\\|", -1).length == REACTION_PARTS && key.endsWith("|" + user))
                .forEach(rows::delete);
    }

    /** The window ends above that block. */
    public void drop(int block) {
        rows.keys(prefix(block)).forEach(rows::delete);
    }

    private String key(int seq) {
        return prefix(MessageWindow.blockOf(seq)) + seq;
    }

    private String prefix(int block) {
        return RowFamily.MARKS.prefix() + conversation + "|" + block + "|";
    }
}
