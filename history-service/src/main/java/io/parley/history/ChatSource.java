package io.parley.history;

import java.util.Optional;

/** Where the calls that need the log find it. Those that only read do without. */
interface ChatSource {
    /** A service without a log. */
    ChatSource NONE = Optional::empty;

    /** The chat; empty while the log cannot be reached. */
    Optional<Chat> now();

    /** The chat. @throws Refusal 503 while the log cannot be reached */
    default Chat require() {
        return now().orElseThrow(Refusal::noLog);
    }
}
