package io.parley.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Another broker node of a platform, which asks for the slot that the first one has, started like any role; on free ports and with a data directory of its own. */
final class SecondNode implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(25);

    private static final Pattern TAKEN = Pattern.compile("the lease is taken slot=(\\d+)");

    private final Addresses addresses;
    private final SupervisedRole role;
    private final Path log;

    private SecondNode(Addresses addresses, SupervisedRole role, Path log) {
        this.addresses = addresses;
        this.role = role;
        this.log = log;
    }

    /** Returns when devices may connect. */
    static SecondNode start(Platform platform) throws IOException, PlatformException {
        Addresses addresses = besides(platform.addresses());
        Path data = Files.createDirectories(platform.data().resolve("second-node"));
        Map<String, String> environment = new TreeMap<>(platform.environment());
        environment.putAll(addresses.environment());
        environment.put("PARLEY_NODE_SLOT", String.valueOf(slot(platform)));
        environment.put("PARLEY_DATA", data.toString());
        Role broker = Roles.table(addresses, environment, Set.of(RoleName.BROKER)).stream()
                .filter(each -> each.name() == RoleName.BROKER)
                .findFirst()
                .orElseThrow();
        SecondNode node = new SecondNode(
                addresses,
                new SupervisedRole(
                        broker,
                        new Launcher(Installation.find()),
                        new RunDirectory(data),
                        new RollingLog(data.resolve("broker.log")),
                        Progress.silent()),
                data.resolve("broker.log"));
        node.startAgain();
        return node;
    }

    /** The slot that a broker node took when it started last. */
    private static int slot(Path log) throws IOException {
        Matcher taken = TAKEN.matcher(Files.readString(log));
        return taken.results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new IOException("no broker node has taken a slot, as " + log + " has it"));
    }

    /** The slot that the platform's own broker node has. */
    static int slot(Platform platform) throws IOException {
        return slot(platform.data().resolve("log").resolve("broker.log"));
    }

    /** The slot that it has. */
    int slot() throws IOException {
        return slot(log);
    }

    /** The platform's servers, and free ports for what a broker node listens on. */
    private static Addresses besides(Addresses platform) {
        Addresses free = Addresses.free();
        Map<Port, Integer> ports = new EnumMap<>(platform.ports());
        for (Port own : new Port[] {Port.MQTT, Port.MQTT_TLS, Port.WEBSOCKET, Port.BROKER_OPERATIONS}) {
            ports.put(own, free.of(own));
        }
        return new Addresses(ports);
    }

    Login at(Login login) {
        return login.withPort(addresses.mqtt());
    }

    long pid() {
        return role.status().pid().orElseThrow();
    }

    /** SIGKILL; it stays dead until {@link #startAgain}. */
    void kill() {
        role.hold();
        role.kill();
    }

    void startAgain() throws PlatformException {
        role.release();
        role.start();
        role.awaitReady(READY_LIMIT);
    }

    @Override
    public void close() {
        role.stop(STOP_PATIENCE);
    }
}
