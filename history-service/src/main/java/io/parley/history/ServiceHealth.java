package io.parley.history;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import io.parley.runtime.Health;
import io.parley.storage.HistoryReader;

/**
 * Whether requests should be sent here. A start is over when history was up to date once: a new installation is ready when its first writer has reported.
 * A history that falls behind later is no reason to send requests elsewhere, since every process would say the same: requests that it concerns are told.
 */
final class ServiceHealth {
    private final CqlSession session;
    private final HistoryReader reader;
    private volatile boolean started;

    ServiceHealth(CqlSession session, HistoryReader reader) {
        this.session = session;
        this.reader = reader;
    }

    /** The state now; waits for nothing. */
    Health now() {
        boolean up =
                session.getMetadata().getNodes().values().stream().anyMatch(node -> node.getState() == NodeState.UP);
        if (!up) {
            return Health.notReady("Cassandra cannot be reached");
        }
        if (!started) {
            reader.isUpToDate().thenAccept(upToDate -> started |= upToDate);
        }
        return started
                ? Health.serving()
                : Health.notReady("the history is behind, or its writer has not reported yet");
    }
}
