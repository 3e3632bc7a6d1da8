package io.parley.push.webpush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What somebody can answer who only wants to keep the service busy. */
@SuppressWarnings("NullAway.Init")
class HostileAnswersTest {
    private static final String BEGIN = "HTTP/1.1 201 Created\r\nContent-Length: 1000000000\r\n\r\n";

    private ServerSocket server;
    private final CompletableFuture<Boolean> asked = new CompletableFuture<>();
    /** Whether the service ended the connection. */
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** Answers one request with the begin of a body, and so much more of it, until the connection ends. */
    private void answer(byte[] more) {
        Thread thread = new Thread(() -> {
            try (Socket socket = server.accept()) {
                InputStream in = socket.getInputStream();
                OutputStream out = socket.getOutputStream();
                assertThat(in.read()).isPositive();
                asked.complete(true);
                out.write(BEGIN.getBytes(StandardCharsets.US_ASCII));
                out.flush();
                while (more.length > 0) {
                    out.write(more);
                }
                in.transferTo(OutputStream.nullOutputStream());
                ended.complete(true);
            } catch (IOException closed) {
                ended.complete(true);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"))
                .POST(BodyPublishers.ofString("x"))
                .build();
    }

    @Test
    void an_endless_body_is_not_read() throws Exception {
        answer(new byte[8192]);

        assertThat(new WebPushSender(Duration.ofSeconds(20), TrustedCertificates.ofTheJvm())
                        .send(request())
                        .get(30, TimeUnit.SECONDS)
                        .statusCode())
                .isEqualTo(201);
        assertThat(ended.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_body_that_does_not_come_is_not_awaited() throws Exception {
        answer(new byte[0]);

        assertThatThrownBy(() -> new WebPushSender(Duration.ofMillis(300), TrustedCertificates.ofTheJvm())
                        .send(request())
                        .get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(ended.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_request_that_is_cancelled_ends() throws Exception {
        answer(new byte[0]);
        CompletableFuture<HttpResponse<Boolean>> sent =
                new WebPushSender(Duration.ofMinutes(5), TrustedCertificates.ofTheJvm()).send(request());
        assertThat(asked.get(30, TimeUnit.SECONDS)).isTrue();

        sent.cancel(true);

        assertThat(ended.get(30, TimeUnit.SECONDS)).isTrue();
    }
}
