package io.parley.pluginlink;

import io.parley.protocol.plugin.PluginSummary;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows what has to be asked: asks the plugin service once a second. While it does not answer, its last word holds. */
final class SummaryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SummaryWatch.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final long PAUSE_MILLIS = 1000;
    private static final int OK = 200;

    private final URI address;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
    private final Thread thread = new Thread(this::run, "plugin-watch");
    private volatile @Nullable PluginSummary summary;
    private volatile boolean reachable;

    SummaryWatch(URI service) {
        this.address = service.resolve("/summary");
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** The last word; null before the first. */
    @Nullable
    PluginSummary summary() {
        return summary;
    }

    /** Whether the last question was answered. */
    boolean isReachable() {
        return reachable;
    }

    private void run() {
        try {
            while (true) {
                ask();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException stopping) {
            LOG.debug("plugins are watched no more");
        }
    }

    private void ask() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(LIMIT).build();
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != OK) {
                throw new IOException("status " + response.statusCode());
            }
            PluginSummary before = summary;
            PluginSummary now = PluginSummary.parseFrom(response.body());
            summary = now;
            reachable = true;
            if (!now.equals(before)) {
                LOG.info("plugins: filters={} authenticators={}", now.getFilters(), now.getAuthenticators());
            }
        } catch (IOException e) {
            if (reachable || summary == null) {
                LOG.warn("the plugin service at {} does not answer: {}", address.getAuthority(), e.toString());
            }
            reachable = false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
