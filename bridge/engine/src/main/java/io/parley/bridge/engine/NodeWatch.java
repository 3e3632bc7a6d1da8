package io.parley.bridge.engine;

import io.parley.protocol.log.Node;
import java.util.HashMap;
import java.util.Map;

/**
 * How long each broker node has been silent. In memory only: which lives there are is a row of the state, so that after a restart each is heard
 * or missed. A node that was taken for dead by mistake is told when it is heard again, and announces its connections.
 */
final class NodeWatch {
    /** Ticks, one a second, that a node may be silent; it says something every two seconds. */
    private static final int SILENT_TICKS = 10;

    private static final class Life {
        private final Node node;
        private int silentTicks;

        private Life(Node node) {
            this.node = node;
        }
    }

    private final Map<Integer, Life> bySlot = new HashMap<>();

    /** A heartbeat. True if this life of the node is new, or was taken for dead. */
    boolean alive(Node node) {
        Life known = bySlot.get(node.getSlot());
        if (known != null && known.node.getEpoch() >= node.getEpoch()) {
            boolean same = known.node.getEpoch() == node.getEpoch();
            boolean dead = same && known.silentTicks >= SILENT_TICKS;
            known.silentTicks = same ? 0 : known.silentTicks;
            return dead;
        }
        bySlot.put(node.getSlot(), new Life(node));
        return true;
    }

    /** Whether that life of the node has been silent for too long, or a later one is heard. */
    boolean isGone(Node node) {
        Life known = bySlot.get(node.getSlot());
        return known != null
                && (known.node.getEpoch() > node.getEpoch()
                        || (known.node.getEpoch() == node.getEpoch() && known.silentTicks >= SILENT_TICKS));
    }

    /** A node of which an earlier life of this engine heard. */
    void known(Node node) {
        bySlot.putIfAbsent(node.getSlot(), new Life(node));
    }

    /** A second went by. */
    void tick() {
        bySlot.values().forEach(life -> life.silentTicks++);
    }
}
