package io.parley.bridge.user.session;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Rows;
import io.parley.bridge.user.UserFamily;
import io.parley.protocol.log.Node;
import java.util.ArrayList;
import java.util.List;

/** The lives of broker nodes that a partition's users were connected to: its rows, and the only code that changes them. */
public record NodeStore(Rows rows) {
    private static final String FAMILY = UserFamily.NODE.prefix();

    /** The nodes that were heard and not yet missed. */
    public List<Node> all() {
        List<Node> nodes = new ArrayList<>();
        for (String key : rows.keys(FAMILY)) {
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

    /** The node is taken for dead. */
    public void remove(Node node) {
        rows.delete(FAMILY + node.getSlot());
    }
}
