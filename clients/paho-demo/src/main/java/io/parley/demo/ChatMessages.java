package io.parley.demo;

import io.parley.protocol.wire.Delete;
import io.parley.protocol.wire.Edit;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.React;
import java.util.List;

/** What a user publishes in the open conversation. */
final class ChatMessages {
    private final ChatUser me;
    private final ChatRooms rooms;

    ChatMessages(ChatUser me, ChatRooms rooms) {
        this.me = me;
        this.rooms = rooms;
    }

    void say(String text) {
        publish(Publication.newBuilder().setText(text));
    }

    /** {@code /reply n TEXT}. */
    void reply(String rest) {
        String[] parts = rest.split("\\s+", 2);
        if (parts.length < 2) {
            throw new IllegalArgumentException("/reply NUMBER TEXT; the number stands before each message");
        }
        publish(Publication.newBuilder().setReplyTo(seq(parts[0])).setText(parts[1]));
    }

    /** {@code /edit TEXT}: other words for one's last message. */
    void edit(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("/edit TEXT");
        }
        publish(Publication.newBuilder()
                .setEdit(Edit.newBuilder().setSeq(lastOwn()).setText(text)));
    }

    /** {@code /delete}: one's last message. */
    void delete() {
        publish(Publication.newBuilder().setDelete(Delete.newBuilder().setSeq(lastOwn())));
    }

    /** {@code /react EMOJI [n]}: to that message or the last of somebody else; the same once more takes it back. */
    void react(List<String> words) {
        if (words.isEmpty() || words.size() > 2) {
            throw new IllegalArgumentException("/react EMOJI [NUMBER]");
        }
        ChatRoom room = rooms.current();
        String emoji = words.get(0);
        int seq = words.size() == 2 ? seq(words.get(1)) : room.lastForeign();
        if (seq == 0) {
            throw new IllegalArgumentException("there is no message here yet");
        }
        publish(Publication.newBuilder()
                .setReact(React.newBuilder().setSeq(seq).setEmoji(emoji).setRemove(room.hasReacted(seq, emoji))));
    }

    private void publish(Publication.Builder publication) {
        me.say(rooms.current(), publication);
    }

    private int lastOwn() {
        int seq = rooms.current().lastOwn();
        if (seq == 0) {
            throw new IllegalArgumentException("no message of yours is known here");
        }
        return seq;
    }

    static int seq(String word) {
        String digits = word.startsWith("#") ? word.substring(1) : word;
        if (!digits.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("the number of a message stands before it, such as #5");
        }
        return Integer.parseInt(digits);
    }
}
