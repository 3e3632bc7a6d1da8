package io.parley.history;

import io.parley.history.page.PageSettings;
import io.parley.history.polling.PollSettings;
import io.parley.protocol.KafkaClient;
import io.parley.runtime.CassandraSettings;
import io.parley.runtime.HistoryReadSettings;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.ReadSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A service without a log, on a port of its own.
 *
 * @param origins pages of which may call it
 */
record TestSettings(
        CassandraSettings cassandra,
        JwtSettings jwt,
        ReadSettings reads,
        Duration longestBehind,
        long requestsPerTenSeconds,
        List<String> origins) {
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    HistorySettings all() {
        return with(
                new WebSettings(origins, Optional.empty()),
                new PageSettings(Optional.empty(), 8083, Optional.empty(), Optional.empty(), jwt));
    }

    HistorySettings with(WebSettings web, PageSettings page) {
        return new HistorySettings(
                "127.0.0.1",
                0,
                8,
                TIMEOUT,
                requestsPerTenSeconds,
                new HistoryReadSettings(longestBehind),
                reads,
                web,
                new NodeSettings(
                        KafkaClient.at("127.0.0.1:9"),
                        OptionalInt.of(7),
                        Duration.ZERO,
                        0,
                        1,
                        new PollSettings(TIMEOUT, 1, TIMEOUT, TIMEOUT),
                        "",
                        ""),
                cassandra,
                jwt,
                page);
    }

    static ReadSettings reads(int ofUser, int waitingOfUser) {
        return new ReadSettings(
                32,
                ofUser,
                16 << 20,
                4 << 20,
                1000,
                waitingOfUser,
                Duration.ofSeconds(8),
                Duration.ofSeconds(10),
                32 << 20);
    }
}
