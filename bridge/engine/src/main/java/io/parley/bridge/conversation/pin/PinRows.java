package io.parley.bridge.conversation.pin;

import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.state.Pin;
import io.parley.bridge.state.Pins;
import io.parley.protocol.wire.ChatEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The pinned messages of a conversation: one row. A pin knows its message's sender and time, so it ends with a message that lies far back, too. */
public final class PinRows {
    private static final char FAMILY = 'P';

    private final ConversationRows rows;

    public PinRows(ConversationRows rows) {
        this.rows = rows;
    }

    public List<Pin> all() {
        return rows.get(rows.key(FAMILY), Pins.parser(), Pins.getDefaultInstance())
                .getPinsList();
    }

    public void add(Pin pin) {
        List<Pin> pins = new ArrayList<>(all());
        pins.add(pin);
        put(pins);
    }

    /** Carries out what an event does to pins. */
    public void apply(ChatEvent event) {
        switch (event.getBodyCase()) {
            case MESSAGE_UNPINNED ->
                drop(pin -> pin.getSeq() == event.getMessageUnpinned().getSeq());
            case DELETED -> drop(pin -> pin.getSeq() == event.getDeleted().getSeq());
            case USER_ERASED ->
                drop(pin -> pin.getSender().equals(event.getUserErased().getUser()));
            default -> {}
        }
    }

    /** The messages up to there are gone. */
    public void dropThrough(int seq) {
        drop(pin -> pin.getSeq() <= seq);
    }

    /** Nobody is left who could see them. */
    public void clear() {
        put(List.of());
    }

    private void drop(Predicate<Pin> gone) {
        List<Pin> pins = new ArrayList<>(all());
        if (pins.removeIf(gone)) {
            put(pins);
        }
    }

    private void put(List<Pin> pins) {
        rows.putUnlessEmpty(rows.key(FAMILY), Pins.newBuilder().addAllPins(pins).build());
    }
}
