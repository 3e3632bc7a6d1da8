package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.parley.runtime.Settings;
import io.parley.standalone.Site.Listener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which processes a platform has, and what each is told. */
class LayoutTest {
    private static final Path DATA = Path.of("/data");
    private static final ClusterSettings SETTINGS = new ClusterSettings(2, 40);
    private static final Set<RoleName> ALL = EnumSet.allOf(RoleName.class);

    private final Plan cluster = Layout.CLUSTER.plan(addresses(""), ALL, SETTINGS);

    @Test
    void a_cluster_has_several_of_each_but_of_push() {
        assertThat(cluster.processes())
                .extracting(ProcessName::toString)
                .containsExactly(
                        "kafka-1",
                        "kafka-2",
                        "kafka-3",
                        "cassandra-1",
                        "cassandra-2",
                        "cassandra-3",
                        "engine-1",
                        "engine-2",
                        "archiver-1",
                        "archiver-2",
                        "broker-1",
                        "broker-2",
                        "broker-3",
                        "history-1",
                        "history-2",
                        "push-sink",
                        "push",
                        "plugins");
        assertThat(cluster.table(Map.of(), DATA).keySet()).containsExactlyElementsOf(cluster.processes());
    }

    @Test
    void the_first_of_each_listens_where_the_only_one_does() {
        Plan alone = Layout.ALONE.plan(addresses(""), ALL, SETTINGS);

        assertThat(cluster.listeners().stream()
                        .filter(listener -> listener.process().number() <= 1)
                        .map(Listener::address))
                .containsExactlyElementsOf(
                        alone.listeners().stream().map(Listener::address).toList());
    }

    @Test
    void no_two_listen_in_one_place() {
        assertThatCode(cluster::requireUsable).doesNotThrowAnyException();
        assertThat(at("kafka-2", Port.KAFKA)).isEqualTo("127.0.0.2:19092");
        assertThat(at("cassandra-3", Port.CASSANDRA)).isEqualTo("127.0.0.3:19042");
        assertThat(at("broker-3", Port.MQTT)).isEqualTo("127.0.0.1:1885");
        assertThat(at("broker-3", Port.WEBSOCKET)).isEqualTo("127.0.0.1:8085");
        assertThat(at("broker-3", Port.BROKER_OPERATIONS)).isEqualTo("127.0.0.1:8291");
        assertThat(at("history-2", Port.HTTP)).isEqualTo("127.0.0.1:8081");

        assertThatThrownBy(() -> Layout.CLUSTER
                        .plan(addresses("parley.history.port = 1885"), ALL, SETTINGS)
                        .requireUsable())
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("1885")
                .hasMessageContaining("broker-3 (PARLEY_MQTT_PORT)")
                .hasMessageContaining("PARLEY_HTTP_PORT");
        assertThatThrownBy(() -> Layout.CLUSTER
                        .plan(addresses("parley.mqtt.port = 65534"), ALL, SETTINGS)
                        .requireUsable())
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("PARLEY_MQTT_PORT")
                .hasMessageContaining("65536");
    }

    @Test
    void everybody_is_told_of_all_servers_and_of_three_replicas() {
        assertThat(cluster.environment())
                .containsEntry("PARLEY_KAFKA_BOOTSTRAP", "127.0.0.1:19092,127.0.0.2:19092,127.0.0.3:19092")
                .containsEntry("PARLEY_CASSANDRA_CONTACT_POINTS", "127.0.0.1:19042,127.0.0.2:19042,127.0.0.3:19042")
                .containsEntry("PARLEY_MQTT_NODES", "tcp://127.0.0.1:1883,tcp://127.0.0.1:1884,tcp://127.0.0.1:1885")
                .containsEntry("PARLEY_HTTP_NODES", "http://127.0.0.1:8080,http://127.0.0.1:8081")
                .containsEntry("PARLEY_KAFKA_REPLICATION", "3")
                .containsEntry("PARLEY_CASSANDRA_REPLICATION", "3")
                .containsEntry("PARLEY_KAFKA_PARTITIONS", "2")
                .containsEntry("PARLEY_ENGINE_COMMIT_INTERVAL_MILLIS", "40");
        assertThat(Layout.ALONE.plan(addresses(""), ALL, SETTINGS).environment())
                .doesNotContainKeys("PARLEY_KAFKA_PARTITIONS", "PARLEY_ENGINE_COMMIT_INTERVAL_MILLIS");
    }

    @Test
    void each_process_is_told_its_own_place() {
        assertThat(told("kafka-2"))
                .containsEntry("PARLEY_KAFKA_HOST", "127.0.0.2")
                .containsEntry("PARLEY_KAFKA_NODE_ID", "2")
                .containsEntry("PARLEY_KAFKA_VOTERS", "1@127.0.0.1:19093,2@127.0.0.2:19093,3@127.0.0.3:19093")
                .containsEntry("PARLEY_KAFKA_FOLDER", "kafka-2");
        assertThat(told("cassandra-3"))
                .containsEntry("PARLEY_CASSANDRA_HOST", "127.0.0.3")
                .containsEntry("PARLEY_CASSANDRA_SEEDS", "127.0.0.1,127.0.0.2,127.0.0.3")
                .containsEntry("PARLEY_CASSANDRA_FOLDER", "cassandra-3");
        assertThat(told("engine-2"))
                .containsEntry("PARLEY_BIND", "127.0.0.2")
                .containsEntry("PARLEY_ENGINE_STATE", "/data/engine-2");
        assertThat(told("archiver-2")).containsEntry("PARLEY_BIND", "127.0.0.2");
        assertThat(told("broker-2"))
                .containsEntry("PARLEY_NODE_SLOT", "1")
                .containsEntry("PARLEY_MQTT_PORT", "1884")
                .containsEntry("PARLEY_MQTT_TLS_PORT", "8884")
                .containsEntry("PARLEY_BROKER_OPERATIONS_PORT", "8191")
                .doesNotContainKey("PARLEY_BIND");
        assertThat(told("history-2"))
                .containsEntry("PARLEY_HTTP_SLOT", "6")
                .containsEntry("PARLEY_HTTP_PORT", "8081")
                .containsEntry("PARLEY_WEBSOCKET_PORT", "8084");
    }

    @Test
    void a_second_archiver_comes_when_the_first_has_made_the_tables() {
        Map<ProcessName, Role> table = cluster.table(Map.of(), DATA);

        assertThat(role(table, "archiver-2").wave())
                .isGreaterThan(role(table, "archiver-1").wave());
        assertThat(role(table, "engine-1").mainClass()).endsWith("EngineMain");
    }

    @Test
    void the_data_of_one_layout_is_refused_to_the_other(@TempDir Path data) throws Exception {
        Layout.CLUSTER.requireFits(data);
        Layout.ALONE.requireFits(data);

        Path first = Files.createDirectory(data.resolve("kafka-1"));
        Layout.CLUSTER.requireFits(data);
        assertThatThrownBy(() -> Layout.ALONE.requireFits(data))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("with --cluster");

        Files.move(first, data.resolve("kafka"));
        Layout.ALONE.requireFits(data);
        assertThatThrownBy(() -> Layout.CLUSTER.requireFits(data))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("without --cluster");
    }

    private String at(String process, Port port) {
        return cluster.listeners().stream()
                .filter(listener -> listener.process().toString().equals(process) && listener.port() == port)
                .map(Listener::address)
                .findFirst()
                .orElseThrow();
    }

    private Map<String, String> told(String process) {
        return role(cluster.table(Map.of(), DATA), process).environment();
    }

    private static Role role(Map<ProcessName, Role> table, String process) {
        List<Role> found = table.values().stream()
                .filter(role -> role.process().toString().equals(process))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static Addresses addresses(String text) {
        return Addresses.from(
                Settings.of(ConfigFactory.parseString(text).withFallback(ConfigFactory.defaultReference())));
    }
}
