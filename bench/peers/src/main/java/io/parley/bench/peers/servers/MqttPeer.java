package io.parley.bench.peers.servers;

import com.hivemq.client.mqtt.MqttClient;
import io.parley.bench.peers.clients.Destination;
import io.parley.bench.peers.clients.Inbox;
import io.parley.bench.peers.clients.MqttPeerClient;
import io.parley.bench.peers.clients.PeerClient;
import io.parley.bench.peers.report.Facts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An MQTT broker of one process. A topic for each account, and one for each group, to which its members subscribe. */
final class MqttPeer implements Peer {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final byte[] ID = "{\"id\":\"".getBytes(StandardCharsets.US_ASCII);

    private final Facts facts;
    private final Path directory;
    private final int port;
    private final List<String> command;
    private volatile List<ServerProcess> running = List.of();

    /** @param command that starts it in the foreground; it is to listen on the port */
    MqttPeer(Facts facts, Path directory, int port, List<String> command) {
        this.facts = facts;
        this.directory = directory;
        this.port = port;
        this.command = command;
    }

    @Override
    public Facts facts() {
        return facts;
    }

    @Override
    public void start() throws IOException, InterruptedException {
        ServerProcess process = ServerProcess.start(facts.name(), directory, command, Map.of());
        running = List.of(process);
        Ports.await(port, process, START_LIMIT);
    }

    @Override
    public void kill() throws InterruptedException {
        for (ServerProcess process : running) {
            process.kill();
        }
    }

    @Override
    public List<ProcessHandle> processes() {
        return running.stream().flatMap(process -> process.all().stream()).toList();
    }

    @Override
    public PeerClient client(String account, Inbox inbox) {
        return new MqttPeerClient(
                MqttClient.builder()
                        .useMqttVersion5()
                        .identifier(account)
                        .serverHost("127.0.0.1")
                        .serverPort(port),
                "inbox/" + account,
                MqttPeer::id,
                inbox);
    }

    /** The payload is what was published: its id stands first. */
    static String id(byte[] payload) {
        int end = ID.length;
        while (end < payload.length && payload[end] != '"') {
            end++;
        }
        return end >= payload.length
                ? ""
                : new String(payload, ID.length, end - ID.length, StandardCharsets.ISO_8859_1);
    }

    @Override
    public Destination direct(String from, String to) {
        return new Destination("inbox/" + to, false);
    }

    @Override
    public Destination group(String name, List<String> members) {
        return new Destination("group/" + name, true);
    }

    @Override
    public void close() {
        running.forEach(ServerProcess::stop);
    }
}
