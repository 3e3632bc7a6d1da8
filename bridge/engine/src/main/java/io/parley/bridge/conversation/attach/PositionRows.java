package io.parley.bridge.conversation.attach;

import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Position;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each device has acknowledged. A position outlives its user's membership until the device has what came before. */
public final class PositionRows implements Table {
    private final ConversationRows rows;

    public PositionRows(ConversationRows rows) {
        this.rows = rows;
    }

    @Override
    public boolean apply(Change change) {
        if (change instanceof Change.CursorMoved moved) {
            rows.put(key(moved.user(), moved.device()), moved.position());
        } else if (change instanceof Change.DeviceForgotten forgotten) {
            rows.delete(key(forgotten.user(), forgotten.device()));
        } else {
            return false;
        }
        return true;
    }

    @Override
    public void happened(ChatEvent event, Head.Builder head) {
        switch (event.getBodyCase()) {
            case MEMBERS_ADDED -> event.getMembersAdded().getUsersList().forEach(user -> goOn(user, event.getSeq()));
            case MEMBERS_REMOVED -> event.getMembersRemoved().getUsersList().forEach(user -> owe(user, event.getSeq()));
            case MEMBER_LEFT -> owe(event.getMemberLeft().getUser(), event.getSeq());
            default -> {}
        }
    }

    /** The user's devices still get what came before. A position without a session may be of a device that never comes, and goes. */
    private void owe(String user, int removedAt) {
        for (String key : keys(user)) {
            Position position = get(key);
            if (DeviceRules.isOwed(position)) {
                rows.put(key, Absences.begin(position, removedAt));
            } else {
                rows.delete(key);
            }
        }
    }

    private void goOn(String user, int joined) {
        for (String key : keys(user)) {
            rows.put(key, Absences.end(get(key), joined));
        }
    }

    @Override
    public void erased(UserId user, Head.Builder head) {
        keys(user.value()).forEach(rows::delete);
    }

    public @Nullable Position position(UserId user, String device) {
        return rows.get(key(user, device), Position.parser());
    }

    /** Of all devices of a user. */
    public List<Position> positions(UserId user) {
        List<Position> positions = new ArrayList<>();
        for (String key : keys(user.value())) {
            Position position = rows.get(key, Position.parser());
            if (position != null) {
                positions.add(position);
            }
        }
        return positions;
    }

    private List<String> keys(String user) {
        return rows.keys(rows.key(RowFamily.POSITION, user));
    }

    private Position get(String key) {
        return rows.get(key, Position.parser(), Position.getDefaultInstance());
    }

    private String key(UserId user, String device) {
        return rows.key(RowFamily.POSITION, user.value(), device);
    }
}
