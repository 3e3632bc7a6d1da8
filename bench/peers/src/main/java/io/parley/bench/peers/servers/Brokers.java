package io.parley.bench.peers.servers;

import io.parley.bench.peers.report.Facts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The plain MQTT brokers. Queues may hold what the load sends; everything else is as their manuals have it. */
final class Brokers {
    private static final String ORDER = "by sender";
    private static final String NO_ARCHIVE = "no";
    private static final String GROUP = "topic, each member subscribes";

    private Brokers() {}

    /**
     * Eclipse Mosquitto of the system.
     *
     * @param eachChange whether it saves its store after each change, instead of every half hour, which is its default
     */
    static Peer mosquitto(Path program, Path directory, boolean eachChange) throws IOException, InterruptedException {
        int port = Ports.free();
        Path data = Files.createDirectories(directory.resolve("data"));
        // As root it would become another user, who may not write here.
        Path configuration = Files.writeString(directory.resolve("mosquitto.conf"), """
                listener %d 127.0.0.1
                allow_anonymous true
                user %s
                persistence true
                persistence_location %s/
                max_queued_messages 100000
                set_tcp_nodelay true
                %s""".formatted(
                        port,
                        System.getProperty("user.name"),
                        data,
                        eachChange ? "autosave_on_changes true\nautosave_interval 1\n" : ""));
        String version = Programs.output(List.of(program.toString(), "-h"))
                .lines()
                .findFirst()
                .orElse("")
                .replace("mosquitto version ", "");
        Facts facts = new Facts(
                eachChange ? "mosquitto-autosave" : "mosquitto",
                "Mosquitto " + version,
                eachChange
                        ? "persistence true, autosave_on_changes true, autosave_interval 1, max_queued_messages 100000, set_tcp_nodelay true"
                        : "persistence true (saved every 30 min and at the end), max_queued_messages 100000, set_tcp_nodelay true",
                eachChange ? "in memory, the file follows" : "in memory",
                ORDER,
                NO_ARCHIVE,
                GROUP);
        return new MqttPeer(facts, directory, port, List.of(program.toString(), "-c", configuration.toString()));
    }

    /** HiveMQ CE without this project's extension. */
    static Peer hivemq(Path home, Path directory) throws IOException {
        int port = Ports.free();
        List<Path> jars = Programs.jars(home, "bench/peers/hivemq");
        Path conf = Files.createDirectories(directory.resolve("conf"));
        Files.writeString(conf.resolve("config.xml"), """
                <?xml version="1.0"?>
                <hivemq>
                  <listeners>
                    <tcp-listener><port>%d</port><bind-address>127.0.0.1</bind-address></tcp-listener>
                  </listeners>
                  <persistence><mode>file</mode></persistence>
                  <mqtt><queued-messages><max-queue-size>100000</max-queue-size></queued-messages></mqtt>
                  <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
                </hivemq>
                """.formatted(port));
        Facts facts = new Facts(
                "hivemq",
                "HiveMQ CE " + Programs.versionOf(jars, "hivemq-community-edition-embedded"),
                "persistence mode file, max-queue-size 100000, -Xmx1g",
                "written to files, no fsync",
                ORDER,
                NO_ARCHIVE,
                GROUP);
        List<String> command = List.of(
                Programs.java(),
                "-Xmx1g",
                "-cp",
                Programs.classPath(jars),
                "io.parley.bench.peers.hivemq.HiveMqMain",
                directory.toString());
        return new MqttPeer(facts, directory, port, command);
    }

    /** Apache ActiveMQ Artemis with MQTT. */
    static Peer artemis(Path home, Path directory) throws IOException {
        int port = Ports.free();
        List<Path> jars = Programs.jars(home, "bench/peers/artemis");
        Path configuration = Files.writeString(directory.resolve("broker.xml"), """
                <?xml version="1.0"?>
                <configuration xmlns="urn:activemq">
                  <core xmlns="urn:activemq:core">
                    <name>compare</name>
                    <persistence-enabled>true</persistence-enabled>
                    <security-enabled>false</security-enabled>
                    <journal-directory>%1$s/data/journal</journal-directory>
                    <bindings-directory>%1$s/data/bindings</bindings-directory>
                    <large-messages-directory>%1$s/data/large</large-messages-directory>
                    <paging-directory>%1$s/data/paging</paging-directory>
                    <max-disk-usage>99</max-disk-usage>
                    <acceptors>
                      <acceptor name="mqtt">tcp://127.0.0.1:%2$d?protocols=MQTT</acceptor>
                    </acceptors>
                  </core>
                </configuration>
                """.formatted(directory, port));
        Facts facts = new Facts(
                "artemis",
                "Artemis " + Programs.versionOf(jars, "artemis-server"),
                "journal with fsync (journal-datasync, its default), -Xms512m -Xmx2g as artemis.profile",
                "synced to the journal",
                ORDER,
                NO_ARCHIVE,
                GROUP);
        List<String> command = List.of(
                Programs.java(),
                "-Xms512m",
                "-Xmx2g",
                "-XX:+UseParallelGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                Programs.classPath(jars),
                "io.parley.bench.peers.artemis.ArtemisMain",
                configuration.toString());
        return new MqttPeer(facts, directory, port, command);
    }
}
