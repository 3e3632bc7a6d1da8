package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.parley.standalone.libraries.NodeModules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** People at the web page, in real Chromium: {@code src/test/clients/page}. What they see is in {@code target/page-screenshots}. */
@WithPlatform
@TestInstance(Lifecycle.PER_CLASS)
class WebPageIT {
    private static final Path PROGRAM = Path.of("src", "test", "clients", "page");
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final int PATIENCE_MINUTES = 6;
    private static final List<String> SCENARIOS = List.of(
            "pictures", "blocked", "talk", "offline", "history", "harmless", "group", "keyboard", "accessible", "push");

    private final Map<String, String> problems = new HashMap<>();

    @BeforeAll
    void play(Platform platform) throws IOException, InterruptedException {
        assumeTrue(
                System.getenv("CI") != null || (Files.exists(CHROMIUM) && isRunnable("node") && isRunnable("npm")),
                "the page's tests need chromium, node and npm");
        Path folder = NodeModules.installed(PROGRAM);
        Path output = folder.resolve("output.log");
        List<String> command = new ArrayList<>(List.of(
                "node",
                "client.js",
                "http://" + Addresses.HOST + ":" + platform.addresses().http(),
                String.valueOf(platform.addresses().mqtt()),
                Path.of("target", "page-screenshots").toAbsolutePath().toString()));
        command.addAll(SCENARIOS);
        Process program = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = program.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        program.descendants().forEach(ProcessHandle::destroyForcibly);
        program.destroyForcibly();
        List<String> said = Files.readAllLines(output);
        assertThat(ended && program.exitValue() == 0).as("it said %s", said).isTrue();
        for (String line : said) {
            if (line.startsWith("{")) {
                JsonObject result = JsonParser.parseString(line).getAsJsonObject();
                problems.put(
                        result.get("scenario").getAsString(),
                        result.get("problem").isJsonNull()
                                ? ""
                                : result.get("problem").getAsString());
            }
        }
    }

    @Test
    void two_people_talk_and_see_what_became_of_their_messages() {
        assertNoProblem("talk");
    }

    @Test
    void who_was_offline_catches_up_and_what_they_wrote_is_sent() {
        assertNoProblem("offline");
    }

    @Test
    void scrolling_back_to_the_beginning_moves_nothing_that_is_read() {
        assertNoProblem("history");
    }

    @Test
    void a_text_is_a_text_whatever_is_in_it() {
        assertNoProblem("harmless");
    }

    @Test
    void a_group_is_founded_joined_muted_and_left() {
        assertNoProblem("group");
    }

    @Test
    void a_keyboard_is_enough() {
        assertNoProblem("keyboard");
    }

    @Test
    void nothing_serious_bars_anybody_in_light_and_dark() {
        assertNoProblem("accessible");
    }

    @Test
    void where_no_websocket_comes_through_people_talk_over_http() {
        assertNoProblem("blocked");
    }

    @Test
    void pictures_and_files_arrive_also_when_their_upload_is_cut() {
        assertNoProblem("pictures");
    }

    @Test
    void a_push_is_shown_replaced_withdrawn_and_leads_to_its_conversation() {
        assertNoProblem("push");
    }

    private void assertNoProblem(String scenario) {
        assertThat(problems).containsEntry(scenario, "");
    }

    private static boolean isRunnable(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
