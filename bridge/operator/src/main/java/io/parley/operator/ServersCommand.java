package io.parley.operator;

import com.datastax.oss.driver.api.core.CqlSession;
import io.parley.runtime.CassandraSettings;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.Settings;
import io.parley.storage.CassandraConnection;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import picocli.CommandLine.Command;

/** {@code parley servers}. */
@Command(
        name = "servers",
        mixinStandardHelpOptions = true,
        description = {
            "Shows how Kafka and Cassandra are: who leads which partition and what lacks replicas, how far the readers of the log are behind,",
            "and which nodes of Cassandra are up. The exit code is 1 while a replica or a node is missing."
        })
final class ServersCommand implements Callable<Integer> {
    private static final int REQUEST_MILLIS = 3_000;
    private static final int PATIENCE_MILLIS = 15_000;

    @Override
    public Integer call() throws AdminException, InterruptedException, ExecutionException {
        Settings settings = Settings.load();
        KafkaSettings kafka = KafkaSettings.from(settings);
        boolean whole;
        try (Admin admin = Admin.create(kafka.client()
                .with(Map.of(
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        REQUEST_MILLIS,
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        PATIENCE_MILLIS)))) {
            whole = new LogServers(admin, System.out::println).print(kafka.replication());
        }
        CassandraSettings cassandra = CassandraSettings.from(settings);
        try (CqlSession session = Patience.USUAL.await(
                "Cassandra at " + String.join(", ", cassandra.contactPoints()),
                () -> CassandraConnection.open(cassandra))) {
            whole &= StorageServers.print(session, cassandra, System.out::println);
        }
        return whole ? 0 : 1;
    }
}
