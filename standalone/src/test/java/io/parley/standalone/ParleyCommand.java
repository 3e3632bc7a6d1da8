package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Commands of {@code ./parley}, as processes. */
final class ParleyCommand {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Addresses addresses;
    private final Path data;
    private final Duration patience;

    /** @param data what {@code --data} names */
    ParleyCommand(Addresses addresses, Path data) {
        this(addresses, data, PATIENCE);
    }

    /** @param patience how long a command may take */
    ParleyCommand(Addresses addresses, Path data, Duration patience) {
        this.addresses = addresses;
        this.data = data;
        this.patience = patience;
    }

    /** Runs a command to its good end; what it printed. */
    String run(String... arguments) throws IOException, InterruptedException, PlatformException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx64m");
        command.add("-Dparley.home=" + Installation.find().home());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.parley.standalone.cli.ParleyCli"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", data.toString()));
        Path output = data.resolve(arguments[0] + ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(addresses.environment());
        Process process = builder.start();
        boolean ended = process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
        String said = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
