package io.parley.bridge.conversation.window;

import io.parley.bridge.Rows;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.Overdue;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Said;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.conversation.Unread;
import io.parley.bridge.state.Head;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Reacted;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is remembered of recent messages: their ids, senders and times, what was done to them, and whom they mention. */
public final class MessageRows implements Table {
    private final ConversationRows rows;
    private final SentIdWindow sentIds;
    private final MessageWindow window;
    private final MessageMarks marks;
    private final MemberMentions mentions;

    /** @param all rows of the partition, of which {@code rows} are the conversation's */
    public MessageRows(ConversationId id, ConversationRows rows, Rows all) {
        this.rows = rows;
        this.sentIds = new SentIdWindow(id, all);
        this.window = new MessageWindow(id, all);
        this.marks = new MessageMarks(id, all);
        this.mentions = new MemberMentions(rows);
    }

    @Override
    public boolean apply(Change change) {
        if (change instanceof Change.IdTaken taken) {
            sentIds.add(taken.sender(), taken.device(), taken.messageId(), taken.atSeconds());
        } else if (change instanceof Change.RowsDropped dropped) {
            dropped.keys().forEach(rows::delete);
            sentIds.dropped();
        } else {
            return false;
        }
        return true;
    }

    @Override
    public void happened(ChatEvent event, Head.Builder head) {
        int dropped = window.add(head, event);
        if (dropped >= 0) {
            marks.drop(dropped);
        }
        mentions.add(event);
        switch (event.getBodyCase()) {
            case EDITED -> marks.edited(event.getEdited().getSeq(), event.getSeq());
            case DELETED -> {
                window.erase(head, event.getDeleted().getSeq());
                marks.erase(event.getDeleted().getSeq());
            }
            case REACTED -> {
                Reacted reacted = event.getReacted();
                marks.reacted(reacted.getSeq(), UserId.parse(event.getFrom()), reacted.getEmoji(), reacted.getRemove());
            }
            default -> {}
        }
    }

    @Override
    public void parted(String user) {
        mentions.forget(user);
    }

    @Override
    public void erased(UserId user, Head.Builder head) {
        window.erase(head, user).forEach(marks::erase);
        marks.forget(user);
        sentIds.forget(user);
    }

    @Override
    public void abandoned() {
        List.of(RowFamily.SENT_IDS, RowFamily.BLOCK, RowFamily.MARKS, RowFamily.MENTIONS)
                .forEach(family -> rows.deleteAll(rows.key(family)));
    }

    /** Whether the sender took that id within the window. */
    public boolean isTaken(UserId sender, String messageId, long nowMillis) {
        return sentIds.contains(sender, messageId, nowMillis / 1000);
    }

    /** The message of that seq; null: it is none, none any more, or too far back. */
    public @Nullable Said said(int seq) {
        Head head = rows.head();
        return seq <= head.getPurged() ? null : window.find(head, seq);
    }

    /** The seqs of a message's edits. */
    public List<Integer> edits(int seq) {
        return marks.edits(seq);
    }

    /** What the user set on a message. */
    public List<String> reactions(int seq, UserId user) {
        return marks.reactions(seq, user);
    }

    /** What each reader has not read, see {@link MessageWindow#unread}. */
    public Map<UserId, Unread> unread(Collection<Unread.Reader> readers, Unread.Gone gone) {
        return window.unread(rows.head(), readers, mentions::of, gone);
    }

    /** See {@link Sweep#slice}. */
    public Overdue sweep(String after, Overdue.Windows windows) {
        return new Sweep(rows, window, sentIds, windows).slice(after);
    }
}
