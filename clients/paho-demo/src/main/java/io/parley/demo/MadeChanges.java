package io.parley.demo;

import io.parley.audit.Anomaly;
import io.parley.audit.Entry;
import io.parley.audit.Fingerprint;
import io.parley.audit.Report;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Delete;
import io.parley.protocol.wire.Edit;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.React;
import io.parley.protocol.wire.ReactionCount;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a load did to the messages of a conversation, and what they look like therefore. A message is changed once at most. Thread-safe. */
public final class MadeChanges {
    private static final String EMOJI = "👍";

    private final Map<Integer, String> edited = new HashMap<>();
    private final Map<Integer, String> deleted = new HashMap<>();
    private final Set<Integer> reactedTo = new HashSet<>();

    /**
     * What is kept of an event until it is known what became of it.
     *
     * @param body a hash of its text; 0 if it has none
     * @param whole a hash of all of it but its reactions
     * @param lasting a hash of what no change touches
     */
    public record Print(int seq, String id, String from, long body, long whole, long lasting) {
        /** Of an event as it came or is stored. */
        public static Print of(ChatEvent event) {
            ChatEvent.Builder lasting = event.toBuilder().clearReactions();
            long whole = Fingerprint.of(lasting.build().toByteArray());
            lasting.clearId().clearText().clearWasEdited().clearDeletedMessage();
            return new Print(
                    event.getSeq(),
                    event.getId(),
                    event.getFrom(),
                    event.hasText() ? Fingerprint.of(event.getText()) : 0,
                    whole,
                    Fingerprint.of(lasting.build().toByteArray()));
        }
    }

    /** The message is about to be edited. */
    public synchronized Publication edit(ChatEvent message) {
        String text = message.getText() + ", edited";
        edited.put(message.getSeq(), text);
        return Publication.newBuilder()
                .setId("edit-" + message.getSeq())
                .setEdit(Edit.newBuilder().setSeq(message.getSeq()).setText(text))
                .build();
    }

    /** The message is about to be deleted. */
    public synchronized Publication delete(ChatEvent message) {
        deleted.put(message.getSeq(), message.getId());
        return Publication.newBuilder()
                .setId("delete-" + message.getSeq())
                .setDelete(Delete.newBuilder().setSeq(message.getSeq()))
                .build();
    }

    /** Somebody is about to react to the message. */
    public synchronized Publication react(ChatEvent message) {
        reactedTo.add(message.getSeq());
        return Publication.newBuilder()
                .setId("react-" + message.getSeq())
                .setReact(React.newBuilder().setSeq(message.getSeq()).setEmoji(EMOJI))
                .build();
    }

    /** For the audit: of a changed message only what no change touches is compared. */
    public synchronized Entry entry(ChatEvent event) {
        return entry(Print.of(event));
    }

    /** The same, of what was kept. */
    public synchronized Entry entry(Print print) {
        if (edited.containsKey(print.seq()) || deleted.containsKey(print.seq())) {
            return new Entry(
                    print.seq(), deleted.getOrDefault(print.seq(), print.id()), print.from(), 0, print.lasting());
        }
        return new Entry(print.seq(), print.id(), print.from(), print.body(), print.whole());
    }

    /** How many messages were edited, deleted and reacted to. */
    public synchronized int made() {
        return edited.size() + deleted.size() + reactedTo.size();
    }

    /** What history does not show as it became: a divergence for each such message. */
    public synchronized Report differences(String conversation, List<ChatEvent> history) {
        Report report = Report.clean();
        for (ChatEvent event : history) {
            int seq = event.getSeq();
            boolean asMade = event.hasDeletedMessage() == deleted.containsKey(seq)
                    && event.getWasEdited() == edited.containsKey(seq)
                    && event.getText().equals(edited.getOrDefault(seq, event.getText()))
                    && reactions(event).equals(reactedTo.contains(seq) ? Map.of(EMOJI, 1) : Map.of());
            if (!asMade) {
                report = report.plus(Report.of(
                        Anomaly.DIVERGENCE,
                        new Report.Example(
                                conversation,
                                seq,
                                "history does not show seq " + seq + " as it became: " + made(seq))));
            }
        }
        return report;
    }

    private String made(int seq) {
        return edited.containsKey(seq)
                ? "edited"
                : deleted.containsKey(seq) ? "deleted" : reactedTo.contains(seq) ? "with a reaction" : "unchanged";
    }

    private static Map<String, Integer> reactions(ChatEvent event) {
        Map<String, Integer> shown = new HashMap<>();
        for (ReactionCount reaction : event.getReactionsList()) {
            shown.put(reaction.getEmoji(), reaction.getCount());
        }
        return shown;
    }
}
