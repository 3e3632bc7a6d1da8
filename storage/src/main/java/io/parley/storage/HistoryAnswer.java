package io.parley.storage;

import io.parley.protocol.wire.HistoryPage;

/** What comes of asking for a page. A refusal is a value. */
public sealed interface HistoryAnswer {
    /** The page, ascending by seq, with the conversation's head. */
    record Found(HistoryPage page) implements HistoryAnswer {}

    /** The user is not in that conversation now, or there is none: the asker cannot tell which. */
    record NotMember() implements HistoryAnswer {}
}
