package io.parley.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.gateway.publishing.PublicationFilters.Filtered;
import io.parley.pluginlink.PluginLink;
import io.parley.plugins.operating.NodeEndpoint;
import io.parley.protocol.plugin.FilterQuestion;
import io.parley.protocol.plugin.RequestAnswer;
import io.parley.protocol.plugin.RequestQuestion;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.PluginRequest;
import io.parley.protocol.wire.Publication;
import io.parley.runtime.BadSetting;
import io.parley.runtime.Lifecycle;
import io.parley.runtime.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's questions to plugins, over HTTP. */
class FilterLinkTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path root;

    private final Lifecycle lifecycle = new Lifecycle(LIMIT);
    private HostedFolder plugins;
    private NodeEndpoint endpoint;
    private PluginLink link;

    @BeforeEach
    void open() throws Exception {
        plugins = new HostedFolder(root, 10);
        endpoint = NodeEndpoint.start("127.0.0.1", 0, plugins.asked());
        link = link("127.0.0.1:" + endpoint.port());
    }

    @AfterEach
    void close() {
        lifecycle.stop();
        endpoint.close();
        plugins.close();
    }

    private PluginLink link(String address) {
        return open(address).orElseThrow();
    }

    private Optional<PluginLink> open(String address) {
        Settings settings = Settings.of(
                ConfigFactory.parseMap(Map.of("parley.plugins.address", address, "parley.plugins.at-once", 4))
                        .withFallback(ConfigFactory.defaultReference()));
        return PluginLink.open(settings, lifecycle, new SimpleMeterRegistry());
    }

    private static FilterQuestion question(String text) {
        return FilterQuestion.newBuilder()
                .setConversation("ann~ben")
                .setUser("ann")
                .setDevice("phone")
                .setPublication(Publication.newBuilder().setId("m1").setText(text))
                .build();
    }

    private Filtered ask(String text) throws Exception {
        return link.filter(question(text)).toCompletableFuture().get();
    }

    @Test
    void without_an_address_nothing_is_asked() {
        assertThat(open("")).isEmpty();
        assertThatThrownBy(() -> link("http://somewhere"))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.plugins.address");
    }

    @Test
    void without_a_filter_nothing_is_asked_and_with_one_every_message() throws Exception {
        plugins.host.start();
        await().atMost(LIMIT).until(() -> !link.areOn());

        plugins.add("word-filter", "refused=mud\nmasked=cellar");
        await().atMost(LIMIT).until(link::areOn);
        assertThat(ask("mud").refusal()).isEqualTo("the message has a word that is not allowed here");
        assertThat(ask("a cellar").publication().getText()).isEqualTo("a ***");
    }

    @Test
    void many_at_once_wait_for_their_turn_and_each_gets_its_own_verdict() throws Exception {
        plugins.add("word-filter", "masked=cellar");
        plugins.host.start();
        await().atMost(LIMIT).until(link::areOn);
        List<CompletableFuture<Filtered>> verdicts = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            verdicts.add(link.filter(question("cellar " + i)).toCompletableFuture());
        }

        for (int i = 0; i < verdicts.size(); i++) {
            assertThat(verdicts.get(i).get().publication().getText()).isEqualTo("*** " + i);
        }
    }

    @Test
    void while_the_service_is_away_messages_pass_if_every_filter_lets_them() throws Exception {
        plugins.add("word-filter", "refused=mud");
        plugins.host.start();
        awaitKnown();
        assertThat(ask("mud").refusal()).isNotEmpty();

        endpoint.close();
        assertThat(ask("mud").refusal()).isEmpty();
    }

    @Test
    void while_the_service_is_away_messages_fail_if_a_filter_insists_on_seeing_them() throws Exception {
        plugins.add("hostile-plugin", "when-missed=REFUSE");
        plugins.host.start();
        awaitKnown();

        endpoint.close();
        assertThatThrownBy(() -> ask("harmless"))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("does not answer");
    }

    @Test
    void a_request_is_answered_by_the_plugin_that_it_names_or_refused_or_not_found() throws Exception {
        plugins.add("hostile-plugin", "");
        plugins.host.start();

        assertThat(request("hostile-plugin", "echo", "hi").getReply().getBody()).isEqualTo("ann/phone says hi");
        assertThat(request("hostile-plugin", "echo", "refuse").getError().getMessage())
                .isEqualTo("as you wished");
        assertThat(request("hostile-plugin", "echo", "throw").getError().getCode())
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(request("hostile-plugin", "nothing", "").getError().getCode())
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(request("nobody", "echo", "").getError().getCode()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    private RequestAnswer request(String plugin, String kind, String body) throws Exception {
        return link.request(RequestQuestion.newBuilder()
                        .setUser("ann")
                        .setDevice("phone")
                        .setRequest(PluginRequest.newBuilder()
                                .setPlugin(plugin)
                                .setKind(kind)
                                .setBody(body))
                        .build())
                .toCompletableFuture()
                .get();
    }

    /** Before it knows which filters there are, a link fails. */
    private void awaitKnown() {
        link = link("127.0.0.1:" + endpoint.port());
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> !ask("harmless").publication().getText().isEmpty());
    }
}
