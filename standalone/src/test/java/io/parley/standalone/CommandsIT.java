package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that a newcomer tries first, run by the script itself against a platform that is up. */
@WithPlatform
class CommandsIT {
    private static final int PATIENCE_MINUTES = 4;

    private final Platform platform;

    @TempDir
    private Path folder = Path.of("");

    CommandsIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void the_tour_holds_in_every_step() throws Exception {
        String said = parley(0, "demo");

        assertThat(said).contains("A tour of Parley", "mallory may not subscribe", "nor read its history");
        assertThat(said).doesNotContain("✗");
    }

    @Test
    void the_sample_log_is_replayed_without_an_anomaly() throws Exception {
        Path sample = Installation.find().home().resolve("clients/paho-demo/sample/allotments.log");

        String said = parley(0, "replay", "--http", "0.4", "--seed", "5", sample.toString());

        assertThat(said)
                .contains("lines of 7 speakers", "2 of 7 members use HTTP", "no anomalies")
                .containsPattern("said \\d+, delivered \\d+");
    }

    @Test
    void a_broker_elsewhere_needs_no_platform_here() throws Exception {
        String said = run(
                1,
                "chat",
                "--as",
                "alice",
                "--mqtt",
                "tcp://127.0.0.1:1",
                "--token",
                "none",
                "--data",
                folder + "/none");

        assertThat(said).contains("cannot connect to tcp://127.0.0.1:1").doesNotContain("./parley up");
    }

    @Test
    void usage_names_the_command_as_it_is_typed() throws Exception {
        for (String command : List.of("demo", "chat", "replay", "bench", "compare")) {
            assertThat(run(0, command, "--help")).contains("Usage: parley " + command);
        }
    }

    /** Runs a command on the shared platform, which it finds by the data directory. */
    private String parley(int exitCode, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", platform.data().toString()));
        return run(exitCode, all.toArray(String[]::new));
    }

    private String run(int exitCode, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Installation.find().home().resolve("parley").toString());
        command.addAll(List.of(arguments));
        Path output = folder.resolve(arguments[0] + ".out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile());
        builder.environment().put("PARLEY_BUILD", "never");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
            String said = Files.readString(output, StandardCharsets.UTF_8);
            System.out.println(said);
            assertThat(ended).as(said).isTrue();
            assertThat(process.exitValue()).as(said).isEqualTo(exitCode);
            return said;
        } finally {
            process.destroy();
        }
    }
}
