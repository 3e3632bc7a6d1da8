package io.parley.operator;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import io.parley.runtime.CassandraSettings;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** Which nodes of Cassandra are up, as its driver sees them. */
final class StorageServers {
    private StorageServers() {}

    /** True when all nodes are up, and as many as there are replicas. */
    static boolean print(CqlSession session, CassandraSettings settings, Consumer<String> out) {
        List<Node> nodes = session.getMetadata().getNodes().values().stream()
                .sorted(Comparator.comparing(node -> node.getEndPoint().toString()))
                .toList();
        long up = nodes.stream().filter(StorageServers::isUp).count();
        out.accept(String.format(
                "Cassandra: %d of %d nodes up, %d replicas of each row", up, nodes.size(), settings.replication()));
        for (Node node : nodes) {
            out.accept(String.format("  %-28s %s", node.getEndPoint(), isUp(node) ? "up" : "DOWN"));
        }
        return up == nodes.size() && up >= settings.replication();
    }

    private static boolean isUp(Node node) {
        return node.getState() == NodeState.UP;
    }
}
