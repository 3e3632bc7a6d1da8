package io.parley.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import io.parley.plugins.pushing.PushDesk;
import io.parley.protocol.plugin.PushAnswer;
import io.parley.protocol.plugin.PushAnswer.AnswerCase;
import io.parley.protocol.plugin.PushKind;
import io.parley.protocol.plugin.PushQuestion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Push systems that plugins serve, with the example that posts to a URL. */
class PushDeskTest {
    private static final PushQuestion QUESTION = PushQuestion.newBuilder()
            .setProvider("relay")
            .setToken("t1")
            .setKind(PushKind.PUSH_ALERT)
            .setTitle("ben \"the\n\\builder\"")
            .setBody("hi")
            .setSeq(7)
            .setBadge(3)
            .setExpiresAtMillis(4_000_000_000_000L)
            .setDeadlineMillis(8_000)
            .build();

    @TempDir
    private Path root;

    private final HttpServer url = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    private final BlockingQueue<String> posted = new LinkedBlockingQueue<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private volatile int status = 204;
    private HostedFolder plugins;

    PushDeskTest() throws IOException {
        url.createContext("/push", exchange -> {
            try (exchange) {
                posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                if (status == 0) {
                    held.await();
                }
                exchange.getResponseHeaders().add("Retry-After", "7");
                exchange.sendResponseHeaders(status, -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        url.start();
    }

    @AfterEach
    void stop() {
        held.countDown();
        plugins.close();
        url.stop(0);
    }

    private PushAnswer push(PushQuestion question) throws Exception {
        return new PushDesk(plugins.host).answer(question).get();
    }

    @BeforeEach
    void start() throws Exception {
        plugins = new HostedFolder(root, 10);
        plugins.add("push-relay", "url=http://127.0.0.1:" + url.getAddress().getPort() + "/push");
        plugins.host.start();
    }

    @Test
    void a_notification_is_posted_and_the_answer_tells_what_became_of_it() throws Exception {
        assertThat(push(QUESTION).hasAccepted()).isTrue();
        JsonObject shown = JsonParser.parseString(posted.take()).getAsJsonObject();
        assertThat(shown.get("token").getAsString()).isEqualTo("t1");
        assertThat(shown.get("title").getAsString()).isEqualTo("ben \"the\n\\builder\"");
        assertThat(shown.get("badge").getAsInt()).isEqualTo(3);

        status = 410;
        assertThat(push(QUESTION).hasTokenGone()).isTrue();
        status = 429;
        assertThat(push(QUESTION).getLater().getTokenOnly()).isTrue();
        assertThat(push(QUESTION).getLater().getRetryAfterMillis()).isEqualTo(7_000);
        status = 503;
        assertThat(push(QUESTION).getLater().getTokenOnly()).isFalse();
        status = 400;
        assertThat(push(QUESTION).hasRefused()).isTrue();
        assertThat(plugins.status("push-relay.jar").pushes()).containsExactly("relay");
        assertThat(plugins.status("push-relay.jar").figures()).containsEntry("pushed", 6L);
    }

    @Test
    void without_an_answer_in_time_or_a_plugin_it_is_to_be_tried_again() throws Exception {
        status = 0;
        PushQuestion hurried = QUESTION.toBuilder().setDeadlineMillis(50).build();
        assertThat(push(hurried).getAnswerCase()).isEqualTo(AnswerCase.UNANSWERED);
        assertThat(push(QUESTION.toBuilder().setProvider("other").build()).getAnswerCase())
                .isEqualTo(AnswerCase.UNANSWERED);

        plugins.host.set("push-relay", false);
        assertThat(push(QUESTION).getAnswerCase()).isEqualTo(AnswerCase.UNANSWERED);
    }
}
