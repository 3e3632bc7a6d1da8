package io.parley.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.identity.Revocations;
import io.parley.identity.TokenVerifier;
import io.parley.identity.Tokens;
import io.parley.identity.TopicClaims;
import io.parley.identity.Verification;
import io.parley.identity.Verification.Reason;
import io.parley.identity.Verification.Refused;
import io.parley.identity.Verification.Verified;
import io.parley.pluginlink.PluginLink;
import io.parley.plugins.hosting.PluginStatus.State;
import io.parley.plugins.operating.NodeEndpoint;
import io.parley.protocol.UserId;
import io.parley.runtime.BadSetting;
import io.parley.runtime.Lifecycle;
import io.parley.runtime.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's questions about tokens, over HTTP. */
class TokenLinkTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Refused UNANSWERED = new Refused(Reason.UNANSWERED);

    @TempDir
    private Path root;

    private final Instant issued = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Instant expires = issued.plusSeconds(3600);
    private final Lifecycle lifecycle = new Lifecycle(LIMIT);
    private HostedFolder plugins;
    private NodeEndpoint endpoint;

    @BeforeEach
    void open() throws Exception {
        plugins = new HostedFolder(root, 3);
        plugins.add("token-list", list());
        endpoint = NodeEndpoint.start("127.0.0.1", 0, plugins.asked());
    }

    @AfterEach
    void close() {
        lifecycle.stop();
        endpoint.close();
        plugins.close();
    }

    private String list() throws Exception {
        return String.join(
                "\n",
                "phone.sha256=" + sha256("opaque"),
                "phone.user=ann",
                "phone.issued=" + issued,
                "phone.expires=" + expires,
                "phone.publish=a/#, b",
                "phone.subscribe=c",
                "lost.sha256=" + sha256("lost"),
                "lost.refused=this token was reported as lost");
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Tokens tokens(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("parley.plugins.address", "127.0.0.1:" + endpoint.port());
        return PluginLink.open(
                        Settings.of(ConfigFactory.parseMap(settings).withFallback(ConfigFactory.defaultReference())),
                        lifecycle,
                        new SimpleMeterRegistry())
                .orElseThrow()
                .tokens(TokenVerifier.of(
                        root.resolve("none").toString(), "parley", "parley", Duration.ofDays(30), Revocations.NONE));
    }

    private static Verification check(Tokens tokens, String token) {
        return tokens.check(token).toCompletableFuture().join();
    }

    /** Once the node knows that there is a plugin to ask. */
    private static void awaitAnswers(Tokens tokens) {
        await().atMost(LIMIT).until(() -> !check(tokens, "unknown").equals(UNANSWERED));
    }

    @Test
    void a_listed_token_is_its_users_and_others_are_refused_with_a_reason_or_unknown() throws Exception {
        plugins.host.start();
        Tokens tokens = tokens(Map.of());
        awaitAnswers(tokens);

        assertThat(check(tokens, "opaque"))
                .isEqualTo(new Verified(
                        UserId.parse("ann"), issued, expires, new TopicClaims(List.of("a/#", "b"), List.of("c"))));
        assertThat(check(tokens, "lost")).isEqualTo(new Refused(Reason.DENIED, "this token was reported as lost"));
        assertThat(check(tokens, "unknown")).isEqualTo(new Refused(Reason.DENIED));
        assertThat(plugins.status("token-list.jar").authenticator()).isTrue();
        assertThat(plugins.status("token-list.jar").figures())
                .containsEntry("accepted", 1L)
                .containsEntry("denied", 1L);
    }

    @Test
    void before_the_service_answers_and_while_it_is_away_no_token_is_refused_for_good() throws Exception {
        plugins.host.start();
        Tokens tokens = tokens(Map.of());
        awaitAnswers(tokens);
        check(tokens, "opaque");

        endpoint.close();
        assertThat(check(tokens, "opaque")).as("remembered").isInstanceOf(Verified.class);
        assertThat(check(tokens, "another")).isEqualTo(UNANSWERED);
        assertThat(check(tokens(Map.of()), "opaque")).isEqualTo(UNANSWERED);
    }

    @Test
    void a_plugin_that_does_not_decide_refuses_nothing_for_good_and_is_not_switched_off() throws Exception {
        plugins.add("hostile-plugin", "tokens=true");
        plugins.host.start();
        Tokens tokens = tokens(Map.of());
        awaitAnswers(tokens);

        for (String token :
                List.of("hostile: never", "hostile: throw", "hostile: null", "hostile: topics", "hostile: for ever")) {
            assertThat(check(tokens, token)).as(token).isEqualTo(UNANSWERED);
        }
        assertThat(check(tokens, "hostile: nobody")).isEqualTo(new Refused(Reason.SUBJECT));
        assertThat(check(tokens, "opaque")).as("another plugin's").isInstanceOf(Verified.class);
        assertThat(plugins.status("hostile-plugin.jar").state()).isEqualTo(State.RUNNING);
    }

    @Test
    void what_a_plugin_knew_that_was_switched_off_is_not_refused_for_good() throws Exception {
        plugins.add("hostile-plugin", "tokens=true");
        plugins.host.start();
        Tokens tokens = tokens(Map.of());
        awaitAnswers(tokens);

        for (int i = 0; i < 3; i++) {
            plugins.decide("hostile: throw");
        }
        await().atMost(LIMIT).until(() -> plugins.status("hostile-plugin.jar").state() == State.FAILED);
        assertThat(check(tokens, "one of the list, or not")).isEqualTo(UNANSWERED);

        plugins.host.set("hostile-plugin", false);
        assertThat(check(tokens, "one of the list")).isEqualTo(new Refused(Reason.DENIED));
    }

    @Test
    void questions_beyond_the_bound_are_not_asked() throws Exception {
        plugins.add("hostile-plugin", "tokens=true");
        plugins.host.start();
        Tokens tokens = tokens(Map.of("parley.plugins.tokens.at-once", 1, "parley.plugins.tokens.waiting-bytes", 100));
        awaitAnswers(tokens);

        List<CompletableFuture<Verification>> asked = new ArrayList<>();
        asked.add(tokens.check("hostile: never").toCompletableFuture());
        for (int i = 0; i < 20; i++) {
            asked.add(tokens.check("token number " + i).toCompletableFuture());
        }
        assertThat(asked).filteredOn(CompletableFuture::isDone).hasSizeGreaterThan(10);
        assertThat(asked)
                .filteredOn(CompletableFuture::isDone)
                .allSatisfy(one -> assertThat(one.join()).isEqualTo(UNANSWERED));
        assertThat(asked.get(1).join()).isEqualTo(new Refused(Reason.DENIED));
    }

    @Test
    void where_all_tokens_are_asked_about_nothing_is_checked_without_a_plugin() {
        assertThat(check(tokens(Map.of("parley.plugins.tokens.asked", "all")), "a.b.c"))
                .isEqualTo(UNANSWERED);
        Assertions.assertThatThrownBy(() -> tokens(Map.of("parley.plugins.tokens.asked", "some")))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.plugins.tokens.asked");
    }
}
