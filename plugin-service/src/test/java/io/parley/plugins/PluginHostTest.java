package io.parley.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.plugins.hosting.PluginStatus.State;
import io.parley.protocol.plugin.FilterAnswer;
import io.parley.protocol.plugin.PluginSummary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the folder of plugins says is what runs, whatever a plugin does. */
class PluginHostTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int FAILURES = 3;
    private static final String HOSTILE = "hostile-plugin";

    @TempDir
    private Path root;

    private HostedFolder plugins;

    @BeforeEach
    void open() throws Exception {
        plugins = new HostedFolder(root, FAILURES);
    }

    @AfterEach
    void close() {
        plugins.close();
    }

    @Test
    void an_empty_folder_asks_for_nothing() throws Exception {
        plugins.host.start();

        assertThat(plugins.host.list()).isEmpty();
        assertThat(plugins.chain.summary())
                .isEqualTo(PluginSummary.newBuilder().setPassesUnasked(true).build());
        assertThat(plugins.decide("mud").getPassed().getText()).isEqualTo("mud");
    }

    @Test
    void a_filter_passes_changes_and_refuses() throws Exception {
        plugins.add("word-filter", "refused=mud\nmasked=cellar");
        plugins.host.start();

        assertThat(plugins.chain.summary().getFilters()).isEqualTo(1);
        assertThat(plugins.chain.summary().getDeadlineMillis()).isEqualTo(500);
        assertThat(plugins.decide("clean").getPassed().getText()).isEqualTo("clean");
        assertThat(plugins.decide("a Cellar").getPassed().getText()).isEqualTo("a ***");
        assertThat(plugins.decide("mud").getRefused()).isEqualTo("the message has a word that is not allowed here");
        assertThat(plugins.status("word-filter.jar").figures())
                .containsEntry("passed", 1L)
                .containsEntry("changed", 1L)
                .containsEntry("refused", 1L);
    }

    @Test
    void a_jar_comes_changes_and_goes_while_it_runs() throws Exception {
        plugins.host.start();
        plugins.add("word-filter", "refused=mud");
        await().atMost(LIMIT).until(() -> plugins.decide("mud").hasRefused());

        Path jar = plugins.folder.resolve("word-filter.jar");
        Files.writeString(plugins.folder.resolve("word-filter.properties"), "refused=dust");
        Files.move(Files.copy(jar, root.resolve("copy.jar")), jar, StandardCopyOption.REPLACE_EXISTING);
        await().atMost(LIMIT).until(() -> plugins.decide("dust").hasRefused());
        assertThat(plugins.decide("mud").hasRefused()).isFalse();

        Files.delete(jar);
        await().atMost(LIMIT).until(() -> plugins.host.list().isEmpty());
        assertThat(plugins.decide("dust").hasRefused()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw", "never", "hang", "recurse"})
    void a_filter_that_fails_is_switched_off_and_others_go_on(String how) throws Exception {
        plugins.add("word-filter", "refused=mud");
        plugins.add(HOSTILE, "deadline=500");
        plugins.host.start();
        for (int i = 0; i < FAILURES; i++) {
            FilterAnswer answer = plugins.decide("hostile: " + how);
            assertThat(answer.getPassed().getText()).isEqualTo("hostile: " + how);
        }

        await().atMost(LIMIT).until(() -> plugins.status(HOSTILE + ".jar").state() == State.FAILED);
        assertThat(plugins.status(HOSTILE + ".jar").reason()).startsWith("its filter failed 3 times in a row");
        assertThat(plugins.decide("mud").hasRefused()).isTrue();
        assertThat(plugins.chain.summary().getFilters()).isEqualTo(1);
        assertThat(plugins.restarts).isEmpty();

        assertThat(plugins.host.set(HOSTILE, true).orElseThrow().state()).isEqualTo(State.RUNNING);
        assertThat(plugins.chain.summary().getFilters()).isEqualTo(2);
    }

    @Test
    void one_that_refuses_what_it_does_not_see_refuses_all_when_it_is_switched_off() throws Exception {
        plugins.add(HOSTILE, "deadline=500\nwhen-missed=REFUSE");
        plugins.host.start();
        assertThat(plugins.chain.summary().getPassesUnasked()).isFalse();
        for (int i = 0; i < FAILURES; i++) {
            assertThat(plugins.decide("hostile: throw").getRefused()).contains("hostile-plugin did not decide");
        }

        await().atMost(LIMIT).until(() -> plugins.status(HOSTILE + ".jar").state() == State.FAILED);
        assertThat(plugins.decide("harmless").hasRefused()).isTrue();
        assertThat(plugins.host.set(HOSTILE, false).orElseThrow().state()).isEqualTo(State.DISABLED);
        assertThat(plugins.decide("harmless").hasRefused()).isFalse();
    }

    @Test
    void one_that_cannot_be_stopped_asks_for_a_new_process_and_does_not_start_there() throws Exception {
        plugins.add(HOSTILE, "deadline=100");
        plugins.host.start();
        plugins.decide("hostile: spin");

        await().atMost(LIMIT).until(() -> !plugins.restarts.isEmpty());
        plugins.close();
        plugins = new HostedFolder(root, FAILURES);
        plugins.host.start();
        assertThat(plugins.status(HOSTILE + ".jar").state()).isEqualTo(State.FAILED);
    }

    @Test
    void what_is_no_plugin_is_shown_with_what_is_wrong() throws Exception {
        jar("no-id.jar", "", "1.x", true);
        jar("new-api.jar", "new-api", "2.x", true);
        jar("no-entry.jar", "no-entry", "1.x", false);
        jar("no-class.jar", "no-class", "1.x", true);
        Files.writeString(plugins.folder.resolve("text.jar"), "no jar");
        plugins.add("word-filter", "refused=mud");
        plugins.host.start();

        assertThat(plugins.host.list()).hasSize(6);
        assertThat(plugins.status("no-id.jar").reason()).contains("id");
        assertThat(plugins.status("new-api.jar").reason()).contains("Plugin-Requires is 2.x");
        assertThat(plugins.status("no-entry.jar").reason()).contains("must name one class");
        assertThat(plugins.status("no-class.jar").reason()).contains("some.Thing");
        assertThat(plugins.status("text.jar").state()).isEqualTo(State.FAILED);
        assertThat(plugins.decide("mud").hasRefused()).isTrue();
    }

    private void jar(String file, String id, String requires, boolean entry) throws Exception {
        try (JarOutputStream out = new JarOutputStream(
                Files.newOutputStream(plugins.folder.resolve(file)), HostedFolder.manifest(id, requires))) {
            if (entry) {
                out.putNextEntry(new JarEntry("META-INF/services/io.parley.plugin.Plugin"));
                out.write("some.Thing".getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
