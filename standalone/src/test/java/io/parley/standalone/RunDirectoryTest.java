package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private static final ProcessHandle SELF = ProcessHandle.current();

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_process_is_known_by_what_no_clock_changes() {
        assertThat(RunDirectory.birth(SELF)).matches("[0-9]+@[0-9a-f-]{36}");
    }

    @Test
    void a_stranger_with_the_same_pid_is_not_taken_for_the_recorded_process(@TempDir Path data) throws Exception {
        RunDirectory run = new RunDirectory(data);
        run.record("kafka", SELF);
        assertThat(run.running("kafka")).contains(SELF);

        Path file = data.resolve("run").resolve("kafka.pid");
        Files.writeString(file, Files.readString(file).replace(" ", " 1"));

        assertThat(run.running("kafka")).isEmpty();
    }

    @Test
    void a_served_role_shares_its_directory_with_other_roles_only(@TempDir Path data) throws Exception {
        RunDirectory run = new RunDirectory(data);
        FileChannel kafka = run.lock(RoleName.KAFKA);
        FileChannel cassandra = run.lock(RoleName.CASSANDRA);
        assertThatThrownBy(() -> run.lock(RoleName.KAFKA)).isInstanceOf(PlatformException.class);
        assertThatThrownBy(run::lock).isInstanceOf(PlatformException.class);

        kafka.close();
        cassandra.close();
        FileChannel platform = run.lock();

        assertThatThrownBy(() -> run.lock(RoleName.CASSANDRA)).isInstanceOf(PlatformException.class);
        platform.close();
    }
}
