package io.parley.storage;

import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeStateListenerBase;

/** Tells when the last connection to a node is gone. */
final class LostNodes extends NodeStateListenerBase {
    private final Runnable nodeLost;

    LostNodes(Runnable nodeLost) {
        this.nodeLost = nodeLost;
    }

    @Override
    public void onDown(Node node) {
        nodeLost.run();
    }

    @Override
    public void close() {}
}
