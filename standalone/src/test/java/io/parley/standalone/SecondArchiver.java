package io.parley.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Another archiver of a platform, started like any role, with which it shares the partitions. */
final class SecondArchiver implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(25);

    private final int operationsPort;
    private final SupervisedRole role;

    private SecondArchiver(int operationsPort, SupervisedRole role) {
        this.operationsPort = operationsPort;
        this.role = role;
    }

    /** Returns when it is ready; partitions come a moment later. */
    static SecondArchiver start(Platform platform) throws IOException, PlatformException {
        Map<Port, Integer> ports = new EnumMap<>(platform.addresses().ports());
        int operationsPort = Addresses.free().of(Port.ARCHIVER_OPERATIONS);
        ports.put(Port.ARCHIVER_OPERATIONS, operationsPort);
        Addresses addresses = new Addresses(ports);
        Path data = Files.createDirectories(platform.data().resolve("second-archiver"));
        Map<String, String> environment = new TreeMap<>(platform.environment());
        environment.putAll(addresses.environment());
        Role archiver = Roles.table(addresses, environment, Set.of(RoleName.ARCHIVER)).stream()
                .filter(each -> each.name() == RoleName.ARCHIVER)
                .findFirst()
                .orElseThrow();
        SecondArchiver second = new SecondArchiver(
                operationsPort,
                new SupervisedRole(
                        archiver,
                        new Launcher(Installation.find()),
                        new RunDirectory(data),
                        new RollingLog(data.resolve("archiver.log")),
                        Progress.silent()));
        second.startAgain();
        return second;
    }

    /** How many events it has written since it was started. */
    double rows() throws IOException, InterruptedException {
        return new RunningProcess(role.status().pid().orElseThrow(), operationsPort)
                .metric("parley_history_rows_total");
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
