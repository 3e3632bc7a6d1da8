package io.parley.bench.peers.servers;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bench.measure.Clients;
import io.parley.bench.measure.Glance;
import io.parley.bench.peers.clients.Destination;
import io.parley.bench.peers.clients.Inbox;
import io.parley.bench.peers.clients.MqttPeerClient;
import io.parley.bench.peers.clients.PeerClient;
import io.parley.bench.peers.report.Facts;
import io.parley.demo.DemoTarget;
import io.parley.demo.DeviceException;
import io.parley.demo.Groups;
import io.parley.identity.DevKeys;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parley as {@code ./parley up} starts it, with both compilers of its JVMs. */
final class ParleyPeer implements Peer {
    private static final Duration START_LIMIT = Duration.ofMinutes(4);
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(24);
    private static final String READY = "ready after";
    private static final List<String> PORTS = List.of(
            "PARLEY_MQTT_PORT",
            "PARLEY_MQTT_TLS_PORT",
            "PARLEY_WEBSOCKET_PORT",
            "PARLEY_HTTP_PORT",
            "PARLEY_BROKER_OPERATIONS_PORT",
            "PARLEY_ENGINE_OPERATIONS_PORT",
            "PARLEY_ARCHIVER_OPERATIONS_PORT",
            "PARLEY_KAFKA_PORT",
            "PARLEY_KAFKA_CONTROLLER_PORT",
            "PARLEY_CASSANDRA_PORT",
            "PARLEY_CASSANDRA_STORAGE_PORT");

    private final Path home;
    private final Path directory;
    private final Path data;
    private final Map<String, String> environment = new HashMap<>();
    private final Facts facts;
    private volatile List<ServerProcess> running = List.of();

    ParleyPeer(Path home, Path directory) throws IOException, InterruptedException {
        this.home = home;
        this.directory = directory;
        this.data = directory.resolve("data");
        for (String port : PORTS) {
            environment.put(port, Integer.toString(Ports.free()));
        }
        environment.put("PARLEY_COMPILERS", "both");
        environment.put("PARLEY_BUILD", "never");
        this.facts = new Facts(
                "parley",
                Programs.output(List.of("env", "PARLEY_BUILD=never", program(), "--version")),
                "./parley up, PARLEY_COMPILERS=both",
                "in the log (Kafka, no fsync)",
                "one order for all, numbered",
                "yes",
                "members, known to the server");
    }

    private String program() {
        return home.resolve("parley").toString();
    }

    @Override
    public Facts facts() {
        return facts;
    }

    @Override
    public void start() throws IOException, InterruptedException {
        Files.deleteIfExists(directory.resolve("parley.log"));
        ServerProcess process = ServerProcess.start(
                "parley", directory, List.of(program(), "up", "--data", data.toString()), environment);
        running = List.of(process);
        long deadlineNanos = System.nanoTime() + START_LIMIT.toNanos();
        while (!Files.readString(directory.resolve("parley.log")).contains(READY)) {
            if (!process.isAlive() || System.nanoTime() > deadlineNanos) {
                throw new IOException(process.complaint("see its log"));
            }
            Thread.sleep(200);
        }
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

    private DemoTarget target() throws IOException {
        DevKeys keys = DevKeys.openOrCreate(data.resolve("identity"), "parley", "parley");
        return new DemoTarget(
                URI.create("tcp://127.0.0.1:" + environment.get("PARLEY_MQTT_PORT")),
                URI.create("http://127.0.0.1:" + environment.get("PARLEY_HTTP_PORT")),
                user -> keys.sign(user, TOKEN_LIFETIME));
    }

    @Override
    public PeerClient client(String account, Inbox inbox) throws IOException {
        DeviceId device = new DeviceId(UserId.parse(account), "compare");
        return new MqttPeerClient(
                Clients.builder(target(), device, WireFormat.JSON), "chat/+/msg", ParleyPeer::id, inbox);
    }

    private static String id(byte[] payload) {
        try {
            return Glance.of(payload, WireFormat.JSON).id();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("no event: " + new String(payload, StandardCharsets.UTF_8), e);
        }
    }

    @Override
    public Destination direct(String from, String to) {
        return new Destination("chat/@" + to + "/msg", false);
    }

    @Override
    public Destination group(String name, List<String> members) throws IOException {
        List<UserId> users = members.stream().map(UserId::parse).toList();
        try {
            String group = Groups.found(
                            target(), new DeviceId(users.get(0), "founder"), name, users.subList(1, users.size()))
                    .value();
            // Every client has subscribed to all conversations of its user.
            return new Destination("chat/" + group + "/msg", true);
        } catch (DeviceException e) {
            throw new IOException("no group: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        running.forEach(ServerProcess::stop);
    }
}
