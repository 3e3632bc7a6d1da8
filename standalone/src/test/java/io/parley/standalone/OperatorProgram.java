package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the operator, against a platform of the tests. */
final class OperatorProgram {
    private OperatorProgram() {}

    /** Runs one to its good end; what it printed. */
    static String run(Platform platform, ClientProgram program, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(program.command(Installation.find(), List.of(arguments)));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT).environment().putAll(platform.environment());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return said;
    }
}
