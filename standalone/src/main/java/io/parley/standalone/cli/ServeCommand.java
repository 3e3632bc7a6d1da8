package io.parley.standalone.cli;

import io.parley.runtime.Settings;
import io.parley.standalone.Installation;
import io.parley.standalone.Launcher;
import io.parley.standalone.PlatformException;
import io.parley.standalone.Role;
import io.parley.standalone.RoleName;
import io.parley.standalone.Roles;
import io.parley.standalone.RunDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs one role in this terminal. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Runs one process of the platform in the foreground, as it is deployed.",
            "",
            "Settings come from the environment (PARLEY_KAFKA_BOOTSTRAP, PARLEY_CASSANDRA_CONTACT_POINTS, PARLEY_JWKS, ...) or",
            "from the file named by PARLEY_CONFIG. The keys are explained in each module's reference.conf."
        })
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Parameters(
            paramLabel = "ROLE",
            description = "kafka, cassandra, engine, archiver, broker, history, push, push-sink or plugins")
    private RoleName name = RoleName.BROKER;

    @Override
    public Integer call() throws IOException, PlatformException, InterruptedException {
        Path directory = data.directory();
        Role role = Roles.alone(name, Settings.load(), directory);
        Closeable lock = name.ownsFiles() ? new RunDirectory(directory).lock(name) : () -> {};
        try {
            Process process = new Launcher(Installation.find()).startInTerminal(role);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Launcher.stop(process), "stop-" + name));
            return process.waitFor();
        } finally {
            lock.close();
        }
    }
}
