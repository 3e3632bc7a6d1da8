package io.parley.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.parley.protocol.log.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What in a partition refers to which life of a node, so that what refers to a dead one is found without a look at anything else: a row for each
 * reference, and one that says how far the rows were indexed that are older than the index.
 *
 * @param rows of the partition
 */
public record LifeIndex(Rows rows) {
    private static final String FAMILY = "C|";
    private static final String OLD_ROWS = "D|";
    private static final String INDEXED = "*";

    /** What refers to that life. */
    public void add(int slot, long epoch, String id) {
        rows.put(prefix(slot, epoch) + id, new byte[0]);
    }

    /** It no longer does. */
    public void remove(int slot, long epoch, String id) {
        rows.delete(prefix(slot, epoch) + id);
    }

    /** The first of those that refer to that life, at most so many. */
    public List<String> of(Node life, int limit) {
        String prefix = prefix(life.getSlot(), life.getEpoch());
        return rows.keys(prefix, prefix + Character.MAX_VALUE, limit).stream()
                .map(key -> key.substring(prefix.length()))
                .toList();
    }

    /** The lives to which anything refers: a look at a key for each of them. */
    public List<Node> lives() {
        List<Node> lives = new ArrayList<>();
        String from = FAMILY;
        while (true) {
            List<String> next = rows.keys(from, FAMILY + Character.MAX_VALUE, 1);
            if (next.isEmpty()) {
                return lives;
            }
            String[] parts = next.get(0).split("\\|", 4);
            Node life = Node.newBuilder()
                    .setSlot(Integer.parseInt(parts[1]))
                    .setEpoch(Long.parseLong(parts[2]))
                    .build();
            lives.add(life);
            from = prefix(life.getSlot(), life.getEpoch()) + Character.MAX_VALUE;
        }
    }

    /**
     * Indexes some of the rows that are older than the index.
     *
     * @param family of those rows
     * @param limit the most of them
     * @param put indexes the row with that key
     * @return whether there are more
     */
    public boolean indexOld(String family, int limit, BiConsumer<String, byte[]> put) {
        byte[] position = rows.get(OLD_ROWS);
        String from = position == null ? family : new String(position, UTF_8);
        if (from.equals(INDEXED)) {
            return false;
        }
        List<String> keys = rows.keys(from, family + Character.MAX_VALUE, limit);
        for (String key : keys) {
            byte[] row = rows.get(key);
            if (row != null) {
                put.accept(key, row);
            }
        }
        boolean more = keys.size() == limit;
        String next = more ? keys.get(keys.size() - 1) + Character.MIN_VALUE : INDEXED;
        rows.put(OLD_ROWS, next.getBytes(UTF_8));
        return more;
    }

    /** In the order of the numbers. */
    private static String prefix(int slot, long epoch) {
        return FAMILY + OrderedKeys.number(slot, 4) + "|" + OrderedKeys.number(epoch, 19) + "|";
    }
}
