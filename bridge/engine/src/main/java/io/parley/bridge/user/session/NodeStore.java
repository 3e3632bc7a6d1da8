package io.parley.bridge.user.session;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Rows;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The lives of broker nodes that a partition's users were connected to: its rows, and the only code that changes them. */
public record NodeStore(Rows rows) {
    private static final String FAMILY = "n|";
    /** Nodes whose connections are lost, and not all users know. */
    private static final String LOST = "F|n|";
    /** Up to which row devices of an older engine were looked at; empty: all were. */
    private static final String INDEXED = "F|i";

    /** The nodes that were heard and not yet missed. */
    public List<Node> all() {
        return all(FAMILY);
    }

    /** The nodes whose connections are lost, those of their lives before with them, and not all users know. */
    public List<Node> lost() {
        return all(LOST);
    }

    private List<Node> all(String family) {
        List<Node> nodes = new ArrayList<>();
        for (String key : rows.keys(family)) {
            byte[] row = rows.get(key);
            try {
                if (row != null) {
                    nodes.add(Node.parseFrom(row));
                }
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("state row cannot be read, key=" + key, e);
            }
        }
        return nodes;
    }

    /** That life of the node was heard. */
    public void add(Node node) {
        rows.put(FAMILY + node.getSlot(), node.toByteArray());
    }

    /** The connections of that life of the node, and of those before, are lost; those of a later one are not. */
    public void lose(Node node) {
        rows.put(LOST + node.getSlot(), node.toByteArray());
    }

    /** All users know that the node's connections are lost. */
    public void known(Node node) {
        rows.delete(LOST + node.getSlot());
    }

    /** Users with connections at that life of the node, or at one before; of so many connections at most. No row is read. */
    public Set<UserId> connected(Node node, int limit) {
        return ConnectedRows.at(rows, node, limit);
    }

    /** Whether each connection is known by its node. */
    public boolean isIndexed() {
        byte[] row = rows.get(INDEXED);
        return row != null && row.length == 0;
    }

    /** Goes on with rows of an older engine, which did not know connections by their nodes. */
    public void index(int limit) {
        byte[] row = rows.get(INDEXED);
        String last = SessionRows.index(rows, row == null ? "" : new String(row, StandardCharsets.UTF_8), limit);
        rows.put(INDEXED, last.getBytes(StandardCharsets.UTF_8));
    }

    /** The node is taken for dead. */
    public void remove(Node node) {
        rows.delete(FAMILY + node.getSlot());
    }
}
