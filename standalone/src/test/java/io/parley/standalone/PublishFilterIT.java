package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.standalone.HttpCaller.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that pass a plugin's filter, and filters that do what they must not. */
@WithPlatform
class PublishFilterIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Pattern BASH = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int FORBIDDEN = 403;
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final Platform platform;
    private final PluginsOf plugins;
    private final UserId ann = user("ann");
    private final UserId ben = user("ben");
    private final String topic = "chat/" + ConversationId.direct(ann, ben) + "/msg";
    private HiveMqClient atAnn;
    private HiveMqClient atBen;

    PublishFilterIT(Platform platform) {
        this.platform = platform;
        this.plugins = new PluginsOf(platform);
    }

    private static UserId user(String name) {
        return UserId.parse("filter-" + name + COUNTER.incrementAndGet());
    }

    @BeforeEach
    void two_connect() {
        atAnn = new HiveMqClient(Login.of(platform, ann, "it"));
        atBen = new HiveMqClient(Login.of(platform, ben, "it"));
        atBen.subscribe("chat/+/msg");
    }

    @AfterEach
    void without_plugins_everything_passes() throws IOException {
        plugins.clear();
        await().atMost(LIMIT).until(() -> !refuses("the word mud") && !refuses("NOT TO BE SHOUTED"));
        atAnn.close();
        atBen.close();
    }

    /** Whether a message is refused on MQTT. */
    private boolean refuses(String text) {
        try {
            atAnn.publish(topic, text);
            return false;
        } catch (Mqtt5PubAckException e) {
            return true;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each process that takes messages learns of a filter within some seconds of its own. */
    private void startsFiltering() throws Exception {
        plugins.addExample("word-filter", "refused=mud\nmasked=cellar\n");
        HttpCaller http = new HttpCaller(platform, ann.value());
        await().atMost(LIMIT)
                .until(() -> refuses("the word mud")
                        && http.send("@" + ben, "{\"text\":\"the word mud\"}").status() == FORBIDDEN);
    }

    @Test
    void a_word_filter_refuses_and_changes_what_is_published_by_mqtt_and_http() throws Exception {
        startsFiltering();

        Mqtt5PubAckException refused = catchThrowableOfType(
                Mqtt5PubAckException.class, () -> atAnn.publish(topic, "{\"id\":\"m1\",\"text\":\"MUD again\"}"));
        assertThat(refused.getMqttMessage().getReasonCode().getCode()).isEqualTo(NOT_AUTHORIZED);
        assertThat(refused.getMqttMessage().getReasonString().orElseThrow())
                .hasToString("the message has a word that is not allowed here");
        HttpCaller http = new HttpCaller(platform, ann.value());
        Answer answer = http.send("@" + ben, "{\"text\":\"mud by HTTP\"}");
        assertThat(answer.status()).isEqualTo(FORBIDDEN);
        assertThat(answer.code()).isEqualTo("NOT_ALLOWED");

        int before = atBen.received().size();
        assertThat(http.send("@" + ben, "{\"text\":\"in the cellar\"}").status())
                .isEqualTo(201);
        atAnn.publish(topic, "muddy, and no cellar");
        await().atMost(LIMIT).until(() -> atBen.received().size() >= before + 2);

        assertThat(textsAtBen()).endsWith("in the ***", "muddy, and no ***").doesNotContain("MUD again", "mud by HTTP");
        assertThat(plugins.figure("word-filter", "refused")).isGreaterThanOrEqualTo(3);
        assertThat(plugins.figure("word-filter", "changed")).isGreaterThanOrEqualTo(2);
    }

    private List<String> textsAtBen() {
        return atBen.received().stream()
                .map(received -> JsonParser.parseString(received.payload())
                        .getAsJsonObject()
                        .get("text")
                        .getAsString())
                .toList();
    }

    @Test
    void the_tutorial_leads_from_an_empty_folder_to_a_running_plugin(@TempDir Path empty) throws Exception {
        Path home = Installation.find().home().toAbsolutePath();
        String script = BASH.matcher(Files.readString(home.resolve("docs/plugins.md")))
                .results()
                .map(block -> block.group(1))
                .collect(Collectors.joining("\n", "set -eu\n", "\n"));
        ProcessBuilder shell = new ProcessBuilder("bash", "-c", script)
                .directory(empty.toFile())
                .redirectErrorStream(true)
                .redirectOutput(empty.resolve("output").toFile());
        shell.environment().put("PARLEY", home.toString());
        shell.environment().put("PARLEY_DATA", platform.data().toString());
        shell.environment()
                .merge(
                        "PATH",
                        Path.of(System.getProperty("java.home"), "bin").toString(),
                        (path, java) -> java + ":" + path);
        assertThat(shell.start().waitFor())
                .as(Files.readString(empty.resolve("output")))
                .isZero();

        await().atMost(LIMIT).until(() -> refuses("NOT TO BE SHOUTED"));
        atAnn.publish(topic, "!hello");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(textsAtBen()).endsWith("HELLO"));
    }

    @Test
    void a_plugin_is_disabled_and_enabled_by_http_and_by_command() throws Exception {
        startsFiltering();
        ParleyCommand parley = new ParleyCommand(platform.addresses(), platform.data());

        assertThat(plugins.post("/plugins/word-filter/disable", "text/plain")).isEqualTo(415);
        assertThat(plugins.post("/plugins/nobody/disable", "application/json")).isEqualTo(404);
        assertThat(plugins.post("/plugins/word-filter/disable", "application/json"))
                .isEqualTo(200);
        assertThat(plugins.state("word-filter")).isEqualTo("DISABLED");
        await().atMost(LIMIT).until(() -> !refuses("mud while disabled"));

        parley.run("plugins", "enable", "word-filter");
        await().atMost(LIMIT).until(() -> refuses("mud when enabled"));
        assertThat(parley.run("plugins", "list")).contains("word-filter").contains("RUNNING");

        parley.run("plugins", "disable", "word-filter");
        await().atMost(LIMIT).until(() -> !refuses("mud once more"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang", "throw"})
    void a_filter_that_fails_is_cut_off_and_then_switched_off_and_others_go_on(String how) throws Exception {
        startsFiltering();
        plugins.addExample("hostile-plugin", "deadline=" + (how.equals("hang") ? 200 : 1000));
        await().atMost(LIMIT).until(() -> plugins.state("hostile-plugin").equals("RUNNING"));
        awaitAsked();

        int attempts = 0;
        while (!plugins.state("hostile-plugin").equals("FAILED")) {
            atAnn.publish(topic, "hostile: " + how);
            assertThat(++attempts).isLessThanOrEqualTo(20);
        }

        assertThat(attempts).isGreaterThanOrEqualTo(10);
        assertThat(plugins.reason("hostile-plugin")).startsWith("its filter failed 10 times in a row");
        assertThat(refuses("mud after all that")).isTrue();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(textsAtBen()).contains("hostile: " + how));
        assertThat(plugins.post("/plugins/hostile-plugin/enable", "application/json"))
                .isEqualTo(200);
        assertThat(plugins.state("hostile-plugin")).isEqualTo("RUNNING");
    }

    /** The nodes ask the hostile one too. */
    private void awaitAsked() {
        await().atMost(LIMIT).until(() -> {
            atAnn.publish(topic, "harmless");
            return plugins.figure("hostile-plugin", "passed") > 0;
        });
    }

    @Test
    void while_a_filter_hangs_on_one_connection_others_are_served() throws Exception {
        plugins.addExample("hostile-plugin", "deadline=3000");
        await().atMost(LIMIT).until(() -> plugins.state("hostile-plugin").equals("RUNNING"));
        awaitAsked();

        CompletableFuture<Void> hanging = CompletableFuture.runAsync(() -> {
            try (HiveMqClient other = new HiveMqClient(Login.of(platform, ann, "other"))) {
                other.publish(topic, "hostile: hang".getBytes(StandardCharsets.UTF_8));
            }
        });
        int quick = 0;
        while (!hanging.isDone()) {
            atAnn.publish(topic, "quick " + ++quick);
        }

        // If they had to wait for the one that hangs, there would be one or two.
        assertThat(quick).isGreaterThan(10);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(textsAtBen()).contains("quick 1", "hostile: hang"));
    }

    @Test
    void one_that_refuses_what_it_does_not_see_refuses_when_it_is_switched_off() throws Exception {
        plugins.addExample("hostile-plugin", "deadline=100\nwhen-missed=REFUSE");
        await().atMost(LIMIT).until(() -> plugins.state("hostile-plugin").equals("RUNNING"));
        awaitAsked();
        // The node has heard that nothing passes unasked.
        await().atMost(LIMIT).until(() -> refuses("hostile: throw"));

        await().atMost(LIMIT).until(() -> {
            assertThat(refuses("hostile: throw")).isTrue();
            return plugins.state("hostile-plugin").equals("FAILED");
        });
        assertThat(refuses("harmless")).isTrue();

        platform.kill(RoleName.PLUGINS);
        platform.awaitReady(RoleName.PLUGINS, LIMIT);
        assertThat(refuses("harmless, after a restart")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"eat", "nibble"})
    void one_that_eats_memory_is_switched_off_and_others_go_on(String how) throws Exception {
        startsFiltering();
        long broker = platform.pid(RoleName.BROKER);
        plugins.addExample("hostile-plugin", "deadline=5000");
        await().atMost(LIMIT).until(() -> plugins.state("hostile-plugin").equals("RUNNING"));
        awaitAsked();

        await().atMost(LIMIT).until(() -> {
            atAnn.publish(topic, "hostile: " + how);
            return plugins.state("hostile-plugin").equals("FAILED");
        });

        assertThat(plugins.reason("hostile-plugin")).contains("memory");
        await().atMost(LIMIT).until(() -> refuses("mud after the meal"));
        assertThat(plugins.state("word-filter")).isEqualTo("RUNNING");
        assertThat(platform.pid(RoleName.BROKER)).isEqualTo(broker);
    }

    @Test
    void one_that_cannot_be_stopped_ends_with_its_process_which_comes_back_without_it() throws Exception {
        startsFiltering();
        long broker = platform.pid(RoleName.BROKER);
        long service = platform.pid(RoleName.PLUGINS);
        plugins.addExample("hostile-plugin", "deadline=100");
        await().atMost(LIMIT).until(() -> plugins.state("hostile-plugin").equals("RUNNING"));
        awaitAsked();

        atAnn.publish(topic, "hostile: spin");

        await().atMost(LIMIT)
                .until(() ->
                        plugins.state("hostile-plugin").equals("FAILED") && platform.pid(RoleName.PLUGINS) != service);
        platform.awaitReady(RoleName.PLUGINS, LIMIT);
        assertThat(plugins.reason("hostile-plugin")).contains("interruption");
        await().atMost(LIMIT).until(() -> refuses("mud after the restart"));
        assertThat(platform.pid(RoleName.BROKER)).isEqualTo(broker);
    }
}
