package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The platform as a whole: every process there, watched, observable and small. */
@WithPlatform
class PlatformIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long LIMIT_MIB = 3 * 1024;
    private static final Pattern METRIC = Pattern.compile("^# TYPE (parley_[a-z_]+) ", Pattern.MULTILINE);

    private final Platform platform;

    PlatformIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void every_process_is_ready() {
        assertThat(platform.status()).extracting(RoleStatus::name).containsExactly(RoleName.values());
        assertThat(platform.status()).extracting(RoleStatus::state).containsOnly(RoleStatus.State.READY);
    }

    @ParameterizedTest
    @EnumSource(
            value = Port.class,
            names = {"HTTP", "BROKER_OPERATIONS", "ENGINE_OPERATIONS", "PUSH_OPERATIONS", "PUSH_SINK_OPERATIONS"})
    void every_process_of_ours_shows_its_health_and_metrics(Port port) throws Exception {
        assertThat(get(port, "/healthz").statusCode()).isEqualTo(200);
        String metrics = get(port, "/metrics").body();
        assertThat(metrics).contains("jvm_memory_used_bytes");
        assertThat(METRIC.matcher(metrics)
                        .results()
                        .map(metric -> metric.group(1).replaceFirst("_seconds_max$", "_seconds"))
                        .toList())
                .as("explained in docs/operations/metrics.md")
                .isSubsetOf(MetricsPage.read(Installation.find().home()).names());
    }

    @Test
    void the_broker_node_shows_what_its_devices_do() throws Exception {
        assertThat(get(Port.BROKER_OPERATIONS, "/metrics").body())
                .contains(
                        "parley_broker_connections{",
                        "parley_broker_devices_behind{",
                        "parley_broker_deliveries_total{",
                        "parley_broker_acknowledgements_total{")
                .containsPattern("parley_broker_publishes_total\\{[^}]*outcome=\"accepted\"")
                .containsPattern("parley_broker_publishes_total\\{[^}]*outcome=\"refused\"");
    }

    @Test
    void the_history_api_asks_for_a_token() throws Exception {
        assertThat(get(Port.HTTP, "/v1/conversations").statusCode()).isEqualTo(401);
    }

    @Test
    void all_processes_together_stay_under_3_gib() throws IOException {
        long totalMiB = 0;
        for (RoleName role : RoleName.usual()) {
            totalMiB += ResidentMemory.mib(platform.pid(role));
        }

        assertThat(totalMiB).isBetween(1L, LIMIT_MIB);
    }

    @ParameterizedTest
    @EnumSource(
            value = RoleName.class,
            names = {"ENGINE", "BROKER", "HISTORY", "PUSH_SINK", "PUSH"})
    void a_killed_process_comes_back(RoleName role) throws Exception {
        platform.kill(role);

        platform.awaitReady(role, LIMIT);
    }

    private HttpResponse<String> get(Port port, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + platform.addresses().of(port) + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
