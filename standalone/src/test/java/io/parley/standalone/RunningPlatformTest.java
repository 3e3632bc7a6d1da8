package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Status and stop find a platform that another version of the program started. */
class RunningPlatformTest {
    @TempDir
    private Path data;

    @Test
    void a_platform_that_names_no_processes_has_the_usual_ones() throws Exception {
        assertThat(started("PARLEY_MQTT_PORT=1883\n").roles()).isEqualTo(RoleName.usual());
    }

    @Test
    void processes_that_are_unknown_here_are_left_out() throws Exception {
        assertThat(started("roles=KAFKA,TELEPATHY,ENGINE\n").roles())
                .isEqualTo(Set.of(RoleName.KAFKA, RoleName.ENGINE));
    }

    private RunningPlatform started(String file) throws Exception {
        new RunDirectory(data).record(RunDirectory.SUPERVISOR, ProcessHandle.current());
        Files.writeString(data.resolve("run").resolve(RunningPlatform.ENVIRONMENT_FILE), file);
        return RunningPlatform.on(data).orElseThrow();
    }
}
