package io.parley.bridge.conversation.window;

import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.Overdue;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.state.Block;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Mentioned;
import io.parley.bridge.state.Pointers;
import io.parley.protocol.UserId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows of a conversation whose window is over, a slice at a time. It reads the families in a fixed order and goes on behind the last row that it
 * looked at. Rows of what was said go before the rows of what was done to it: in between nobody can change such a message, as if it were too far back.
 */
public final class Sweep {
    /** The most rows that a slice looks at: everybody else's commands wait behind that. */
    public static final int SLICE = 128;

    private static final List<RowFamily> FAMILIES =
            List.of(RowFamily.SENT_IDS, RowFamily.POINTERS, RowFamily.BLOCK, RowFamily.MENTIONS, RowFamily.MARKS);

    /** Those of them whose windows end with time, whatever is said. */
    private static final List<RowFamily> ENDING = List.of(RowFamily.SENT_IDS, RowFamily.BLOCK);

    private final ConversationRows rows;
    private final MessageWindow window;
    private final SentIdWindow sentIds;
    private final Head head;
    private final Overdue.Windows windows;
    /** Blocks that go with this slice. */
    private final Set<Integer> going = new HashSet<>();

    /** Of the marks that were looked at last. */
    private int markedBlock = -1;

    private boolean markedBlockIsOver;

    /** @param windows what is over */
    public Sweep(ConversationRows rows, MessageWindow window, SentIdWindow sentIds, Overdue.Windows windows) {
        this.rows = rows;
        this.window = window;
        this.sentIds = sentIds;
        this.head = rows.head();
        this.windows = windows;
    }

    /** @param after the last row of the slice before; empty: there was none */
    public Overdue slice(String after) {
        List<String> over = new ArrayList<>();
        int room = SLICE;
        for (RowFamily family : FAMILIES.subList(position(after), FAMILIES.size())) {
            String prefix = rows.key(family, "");
            // The least key that is greater.
            String from = after.startsWith(prefix) ? after + Character.MIN_VALUE : prefix;
            List<String> keys = rows.keys(from, prefix + Character.MAX_VALUE, room);
            keys.stream()
                    .filter(key -> isOver(family, key, key.substring(prefix.length())))
                    .forEach(over::add);
            room -= keys.size();
            if (room == 0) {
                return new Overdue(over, keys.get(keys.size() - 1), true);
            }
        }
        return new Overdue(over, "", ENDING.stream().anyMatch(family -> hasMore(family, over)));
    }

    private int position(String after) {
        int position = 0;
        while (!after.isEmpty() && !after.startsWith(rows.key(FAMILIES.get(position), ""))) {
            position++;
        }
        return position;
    }

    private boolean hasMore(RowFamily family, List<String> over) {
        String prefix = rows.key(family, "");
        return rows.keys(prefix, prefix + Character.MAX_VALUE, over.size() + 1).stream()
                .anyMatch(key -> !over.contains(key));
    }

    private boolean isOver(RowFamily family, String key, String rest) {
        return switch (family) {
            case SENT_IDS -> sentIds.isOver(key, rest, windows.nowMillis() / 1000);
            case MENTIONS -> mentionsAreRead(key, rest);
            // Should the user come back, they start with what comes then.
            case POINTERS -> !rows.isMember(UserId.parse(rest));
            case BLOCK -> blockIsOver(window.row(key));
            default -> marksAreOver(Integer.parseInt(rest.substring(0, rest.indexOf('|'))));
        };
    }

    private boolean mentionsAreRead(String key, String user) {
        int read = rows.get(rows.key(RowFamily.POINTERS, user), Pointers.parser(), Pointers.getDefaultInstance())
                .getRead();
        int gone = Math.max(Math.max(read, head.getPurged()), head.getSeq() - MessageWindow.MOST);
        return rows.get(key, Mentioned.parser(), Mentioned.getDefaultInstance()).getSeqsList().stream()
                .allMatch(seq ->
                        seq <= gone || going.contains(MessageWindow.blockOf(seq)) || window.find(head, seq) == null);
    }

    private boolean blockIsOver(@Nullable Block block) {
        if (block == null) {
            return true;
        }
        int last = block.getFirstSeq() + block.getEntriesCount() - 1;
        boolean over = last <= Math.max(head.getPurged(), windows.through())
                || last <= head.getSeq() - MessageWindow.MOST
                || MessageWindow.newestAtSeconds(block) <= windows.sinceSeconds();
        if (over) {
            going.add(MessageWindow.blockOf(block.getFirstSeq()));
        }
        return over;
    }

    private boolean marksAreOver(int block) {
        if (block != markedBlock) {
            markedBlock = block;
            markedBlockIsOver = going.contains(block) || !window.holdsBlock(head, block);
        }
        return markedBlockIsOver;
    }
}
