package io.parley.standalone.cli;

import io.parley.standalone.Addresses;
import io.parley.standalone.Installation;
import io.parley.standalone.Launcher;
import io.parley.standalone.PlatformException;
import io.parley.standalone.Role;
import io.parley.standalone.RoleName;
import io.parley.standalone.Roles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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

    @Parameters(paramLabel = "ROLE", description = "kafka, cassandra, engine, broker or history")
    private String roleName = "";

    @Override
    public Integer call() throws IOException, PlatformException, InterruptedException {
        RoleName name = roleName();
        Path directory = data.directory();
        Map<String, String> environment = new HashMap<>(Map.of("PARLEY_DATA", directory.toString()));
        if (System.getenv("PARLEY_JWKS") == null && System.getenv("PARLEY_CONFIG") == null) {
            environment.put(
                    "PARLEY_JWKS",
                    directory.resolve("identity").resolve("jwks.json").toString());
        }
        Role role = Roles.table(Addresses.from(System.getenv()), environment).stream()
                .filter(candidate -> candidate.name() == name)
                .findFirst()
                .orElseThrow();
        Process process = new Launcher(Installation.find()).startInTerminal(role);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Launcher.stop(process), "stop-" + name));
        return process.waitFor();
    }

    private RoleName roleName() throws PlatformException {
        try {
            return RoleName.valueOf(roleName.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new PlatformException("\"" + roleName + "\" is no role: kafka, cassandra, engine, broker or history");
        }
    }
}
