package io.parley.bridge.conversation.window;

import io.parley.bridge.conversation.Unread;
import io.parley.protocol.UserId;
import java.util.Set;

/** Counts what one reader has not read, while the messages pass by. */
public final class UnreadCounter {
    private final Unread.Reader reader;
    private final Set<Integer> mentioned;
    private int messages;
    private int mentions;

    /** @param mentioned seqs that mention the reader */
    public UnreadCounter(Unread.Reader reader, Set<Integer> mentioned) {
        this.reader = reader;
        this.mentioned = mentioned;
    }

    /** The next message. */
    public void take(int seq, UserId sender, long atSeconds) {
        if (seq >= reader.first() && atSeconds > reader.sinceSeconds() && !sender.equals(reader.user())) {
            messages++;
            mentions += mentioned.contains(seq) ? 1 : 0;
        }
    }

    public UserId user() {
        return reader.user();
    }

    public Unread unread() {
        return new Unread(messages, mentions);
    }
}
