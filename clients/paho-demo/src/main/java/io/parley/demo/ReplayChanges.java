package io.parley.demo;

import io.parley.audit.Entry;
import io.parley.audit.Fingerprint;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ReactionCount;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What becomes of a replay's lines: some are edited, some deleted, some get reactions. It turns what devices and history show into the audit's
 * entries, in which a line is the same before and after. What history shows of a line and is not what became of it gets another hash, so
 * that the audit finds it. Thread-safe.
 */
final class ReplayChanges {
    private static final int ONE_IN = 10;
    private static final int DELETED = 3;
    private static final int EDITED = 5;
    private static final int REACTS = 7;

    private final String run;
    private final Map<Integer, String> ids = new HashMap<>();
    private final Map<Integer, String> edits = new HashMap<>();
    private final Set<Integer> deletions = new HashSet<>();
    private final Map<Integer, Map<String, Integer>> reactions = new HashMap<>();
    private int made;
    private int reacted;

    /** @param run what this replay's ids begin with */
    ReplayChanges(String run) {
        this.run = run;
    }

    String messageId(int line) {
        return run + "-" + line;
    }

    /** The line that a message says, or -1. */
    int line(String id) {
        String number = id.startsWith(run + "-") ? id.substring(run.length() + 1) : "";
        return number.isEmpty() || !Character.isDigit(number.charAt(0)) ? -1 : Integer.parseInt(number);
    }

    static boolean isDeletable(int line) {
        return line % ONE_IN == DELETED;
    }

    static boolean isEditable(int line) {
        return line % ONE_IN == EDITED;
    }

    /** Whether the speaker of that line reacts to what was said before. */
    static boolean isAfterReaction(int line) {
        return line % ONE_IN == REACTS;
    }

    /** The message is about to be edited; returns the id of the change. */
    synchronized String edit(int seq, String text) {
        edits.put(seq, text);
        return nextId();
    }

    /** The message is about to be deleted; returns the id of the change. */
    synchronized String delete(int seq) {
        deletions.add(seq);
        return nextId();
    }

    /** Somebody is about to react, as they have not before; returns the id of the change. */
    synchronized String react(int seq, String emoji) {
        reactions.computeIfAbsent(seq, key -> new HashMap<>()).merge(emoji, 1, Integer::sum);
        reacted++;
        return nextId();
    }

    private String nextId() {
        return run + "-change-" + made++;
    }

    /** How many changes there are: each is an entry of the sequence. */
    synchronized int made() {
        return made;
    }

    synchronized String describe() {
        return edits.size() + " messages edited, " + deletions.size() + " deleted, " + reacted + " reactions";
    }

    /** What a device received. */
    synchronized Entry received(ChatEvent event, byte[] payload) {
        if (event.hasText()) {
            ids.put(event.getSeq(), event.getId());
        }
        boolean gone = event.hasDeletedMessage() && deletions.contains(event.getSeq());
        String id = gone ? ids.getOrDefault(event.getSeq(), "") : event.getId();
        byte[] whole = isChanging(id) ? constant(event, id) : payload;
        return new Entry(event.getSeq(), id, event.getFrom(), text(event), Fingerprint.of(whole));
    }

    /** What history shows. */
    synchronized Entry stored(ChatEvent event) {
        String id = event.hasText() ? event.getId() : ids.getOrDefault(event.getSeq(), event.getId());
        ChatEvent said = event.toBuilder().clearReactions().build();
        byte[] whole = isChanging(id) ? constant(said, id) : WireFormat.JSON.encode(said);
        long print = Fingerprint.of(whole);
        return new Entry(
                event.getSeq(),
                id,
                event.getFrom(),
                edits.containsKey(event.getSeq()) ? 0 : text(event),
                isAsItBecame(event, id) && hasItsReactions(event) ? print : ~print);
    }

    private boolean isAsItBecame(ChatEvent event, String id) {
        if (!isChanging(id)) {
            return true;
        }
        if (deletions.contains(event.getSeq())) {
            return event.hasDeletedMessage();
        }
        String edit = edits.get(event.getSeq());
        return edit == null
                ? event.hasText() && !event.getWasEdited()
                : event.getWasEdited() && event.getText().equals(edit);
    }

    private boolean hasItsReactions(ChatEvent event) {
        Map<String, Integer> shown = new HashMap<>();
        for (ReactionCount reaction : event.getReactionsList()) {
            shown.put(reaction.getEmoji(), reaction.getCount());
        }
        return shown.equals(reactions.getOrDefault(event.getSeq(), Map.of()));
    }

    private boolean isChanging(String id) {
        int line = line(id);
        return line >= 0 && (isEditable(line) || isDeletable(line));
    }

    /** What stays of a line whatever becomes of it. */
    private static byte[] constant(ChatEvent event, String id) {
        return WireFormat.JSON.encode(event.toBuilder()
                .setId(id)
                .clearText()
                .clearWasEdited()
                .clearDeletedMessage()
                .build());
    }

    private static long text(ChatEvent event) {
        return event.hasText() ? Fingerprint.of(event.getText()) : 0;
    }
}
