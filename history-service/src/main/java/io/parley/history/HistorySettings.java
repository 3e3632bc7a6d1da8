package io.parley.history;

import io.parley.history.page.PageSettings;
import io.parley.runtime.CassandraSettings;
import io.parley.runtime.HistoryReadSettings;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.ReadSettings;
import io.parley.runtime.Settings;
import java.time.Duration;

/**
 * The settings of this service.
 *
 * @param bind address to listen on
 * @param port TCP port, 0 for any
 * @param threads threads that serve requests
 * @param timeout how long a request may take
 * @param requestsPerTenSeconds of one user
 * @param reading how old a history it serves
 * @param reads how much of it users may read at once
 * @param web how it is reached by browsers and from outside
 * @param node this process as a node of the log
 * @param cassandra where history is
 * @param jwt whose tokens are believed
 * @param page the web page
 */
record HistorySettings(
        String bind,
        int port,
        int threads,
        Duration timeout,
        long requestsPerTenSeconds,
        HistoryReadSettings reading,
        ReadSettings reads,
        WebSettings web,
        NodeSettings node,
        CassandraSettings cassandra,
        JwtSettings jwt,
        PageSettings page) {

    static HistorySettings from(Settings settings) {
        Duration timeout = settings.duration("parley.history.timeout");
        if (timeout.toMillis() < 100 || timeout.toMillis() > 60_000) {
            throw settings.bad("parley.history.timeout", "must be 100ms to 60s");
        }
        return new HistorySettings(
                settings.text("parley.bind"),
                settings.port("parley.history.port"),
                settings.integer("parley.history.threads", 4, 256),
                timeout,
                settings.wholeNumber("parley.history.requests-per-ten-seconds", 1, 1_000_000_000),
                HistoryReadSettings.from(settings),
                ReadSettings.from(settings),
                WebSettings.from(settings),
                NodeSettings.from(settings),
                CassandraSettings.from(settings),
                JwtSettings.from(settings),
                PageSettings.from(settings));
    }
}
