package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Presences;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Typing;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a device was told last outside of the messages: pointers, who is there, who types. Not thread-safe. */
final class Signals {
    private record About(ConversationId conversation, String user) {}

    private final Map<About, Receipt> receipts = new HashMap<>();
    private final Map<About, Presence> presences = new HashMap<>();
    private final Set<About> typing = new HashSet<>();

    void take(ConversationId conversation, Receipts told) {
        told.getReceiptsList().forEach(receipt -> receipts.put(new About(conversation, receipt.getUser()), receipt));
    }

    void take(ConversationId conversation, Presences told) {
        told.getPresenceList()
                .forEach(presence -> presences.put(new About(conversation, presence.getUser()), presence));
    }

    void take(ConversationId conversation, Typing told) {
        About about = new About(conversation, told.getUser());
        if (told.getTyping()) {
            typing.add(about);
        } else {
            typing.remove(about);
        }
    }

    /** A user's pointers; both 0 when nothing was told. */
    Receipt receipt(ConversationId conversation, String user) {
        return receipts.getOrDefault(new About(conversation, user), Receipt.getDefaultInstance());
    }

    /** Whether a user is there; offline and never seen when nothing was told. */
    Presence presence(ConversationId conversation, String user) {
        return presences.getOrDefault(new About(conversation, user), Presence.getDefaultInstance());
    }

    boolean isTyping(ConversationId conversation, String user) {
        return typing.contains(new About(conversation, user));
    }
}
