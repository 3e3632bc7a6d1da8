package io.parley.bridge.conversation.pin;

import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Pin;
import io.parley.bridge.state.Pins;
import io.parley.protocol.wire.ChatEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The pinned messages of a conversation: one row. A pin knows its message's sender and time, so it ends with a message that lies far back, too. */
public final class PinRows implements Table {
    private final ConversationRows rows;

    public PinRows(ConversationRows rows) {
        this.rows = rows;
    }

    public List<Pin> all() {
        return rows.get(rows.key(RowFamily.PINS), Pins.parser(), Pins.getDefaultInstance())
                .getPinsList();
    }

    @Override
    public boolean apply(Change change) {
        if (change instanceof Change.Pinned pinned) {
            List<Pin> pins = new ArrayList<>(all());
            pins.add(pinned.pin());
            put(pins);
        } else if (change instanceof Change.PinsExpired expired) {
            dropThrough(expired.through());
        } else if (change instanceof Change.Purged purged) {
            dropThrough(purged.through());
        } else {
            return false;
        }
        return true;
    }

    @Override
    public void happened(ChatEvent event, Head.Builder head) {
        switch (event.getBodyCase()) {
            case MESSAGE_UNPINNED ->
                drop(pin -> pin.getSeq() == event.getMessageUnpinned().getSeq());
            case DELETED -> drop(pin -> pin.getSeq() == event.getDeleted().getSeq());
            case USER_ERASED ->
                drop(pin -> pin.getSender().equals(event.getUserErased().getUser()));
            default -> {}
        }
    }

    private void dropThrough(int seq) {
        drop(pin -> pin.getSeq() <= seq);
    }

    @Override
    public void abandoned() {
        put(List.of());
    }

    private void drop(Predicate<Pin> gone) {
        List<Pin> pins = new ArrayList<>(all());
        if (pins.removeIf(gone)) {
            put(pins);
        }
    }

    private void put(List<Pin> pins) {
        rows.putUnlessEmpty(
                rows.key(RowFamily.PINS), Pins.newBuilder().addAllPins(pins).build());
    }
}
