package io.parley.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Another plugin service of a platform, started like any role, with the same folder of plugins. */
final class SecondPlugins implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(25);

    private final int operationsPort;
    private final SupervisedRole role;

    private SecondPlugins(int operationsPort, SupervisedRole role) {
        this.operationsPort = operationsPort;
        this.role = role;
    }

    /** Returns when its plugins have started. */
    static SecondPlugins start(Platform platform) throws IOException, PlatformException {
        Addresses free = Addresses.free();
        Map<Port, Integer> ports = new EnumMap<>(platform.addresses().ports());
        ports.put(Port.PLUGINS, free.of(Port.PLUGINS));
        ports.put(Port.PLUGINS_OPERATIONS, free.of(Port.PLUGINS_OPERATIONS));
        Addresses addresses = new Addresses(ports);
        Path data = Files.createDirectories(platform.data().resolve("second-plugins"));
        Map<String, String> environment = new TreeMap<>(platform.environment());
        environment.putAll(addresses.environment());
        Role plugins = Roles.table(addresses, environment, Set.of(RoleName.PLUGINS)).stream()
                .filter(each -> each.name() == RoleName.PLUGINS)
                .findFirst()
                .orElseThrow();
        SecondPlugins second = new SecondPlugins(
                free.of(Port.PLUGINS_OPERATIONS),
                new SupervisedRole(
                        plugins,
                        new Launcher(Installation.find()),
                        new RunDirectory(data),
                        new RollingLog(data.resolve("plugins.log")),
                        Progress.silent()));
        second.role.start();
        second.role.awaitReady(READY_LIMIT);
        return second;
    }

    int operationsPort() {
        return operationsPort;
    }

    @Override
    public void close() {
        role.stop(STOP_PATIENCE);
    }
}
