package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a full disk or a machine without memory may do to a role, with a child process that does nothing. */
@SuppressWarnings("NullAway.Init")
class SupervisedRoleTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String MODULE = "module";

    private final List<String> lines = new CopyOnWriteArrayList<>();

    private Path home;
    private Path data;
    private SupervisedRole role;

    @BeforeEach
    void build(@TempDir Path directory) throws IOException {
        home = directory;
        data = Files.createDirectory(directory.resolve("data"));
        Path target = Files.createDirectories(home.resolve(MODULE).resolve("target"));
        Files.createDirectory(target.resolve("lib"));
        String program = WaitsForInput.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(target.resolve("parley-module.jar")));
                InputStream bytes = WaitsForInput.class.getClassLoader().getResourceAsStream(program)) {
            jar.putNextEntry(new ZipEntry(program));
            Objects.requireNonNull(bytes).transferTo(jar);
        }
        role = new SupervisedRole(
                new Role(RoleName.KAFKA, MODULE, WaitsForInput.class.getName(), 16, Map.of(), () -> true, 1),
                new Launcher(new Installation(home)),
                new RunDirectory(data),
                new RollingLog(data.resolve("kafka.log")),
                lines::add);
    }

    @AfterEach
    void stop() {
        role.stop(LIMIT);
    }

    @Test
    void a_role_whose_pid_cannot_be_written_down_is_watched_all_the_same() throws Exception {
        Files.createFile(data.resolve("run"));

        role.start();
        role.awaitReady(LIMIT);

        assertThat(lines).anyMatch(line -> line.contains("pid cannot be written down"));
    }

    @Test
    void a_role_that_cannot_be_started_now_is_tried_again() throws Exception {
        Path unreadable = Files.createDirectory(home.resolve(MODULE).resolve("jvm.options"));

        role.start();
        await().atMost(LIMIT).until(() -> lines.stream().anyMatch(line -> line.contains("cannot be started")));
        Files.delete(unreadable);
        role.awaitReady(LIMIT);

        assertThat(role.status().restarts()).isPositive();
    }
}
