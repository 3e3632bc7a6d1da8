package io.parley.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperationsEndpointTest {
    private final AtomicReference<Health> health = new AtomicReference<>(Health.notReady("waits for \"Kafka\""));

    @SuppressWarnings("NullAway.Init")
    private OperationsEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        endpoint = OperationsEndpoint.start("127.0.0.1", 0, ProcessMetrics.registry("test"), health::get);
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    @Test
    void health_is_503_until_the_process_can_serve() throws Exception {
        HttpResponse<String> before = get("/healthz");
        health.set(Health.serving());
        HttpResponse<String> after = get("/healthz");

        assertThat(before.statusCode()).isEqualTo(503);
        assertThat(before.body()).isEqualTo("{\"status\":\"not ready\",\"detail\":\"waits for \\\"Kafka\\\"\"}");
        assertThat(after.statusCode()).isEqualTo(200);
        assertThat(after.body()).isEqualTo("{\"status\":\"ready\"}");
    }

    @Test
    void a_process_that_cannot_serve_yet_is_alive_and_not_ready() throws Exception {
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/livez").body()).isEqualTo("{\"status\":\"alive\"}");

        health.set(Health.serving());

        assertThat(get("/readyz").body()).isEqualTo("{\"status\":\"ready\"}");
    }

    @Test
    void metrics_tell_about_the_jvm_and_the_role() throws Exception {
        assertThat(get("/metrics").body()).contains("jvm_memory_used_bytes").contains("role=\"test\"");
    }

    @Test
    void other_paths_are_not_found() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/healthz/more").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + endpoint.port() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
