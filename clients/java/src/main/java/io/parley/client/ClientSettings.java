package io.parley.client;

import io.parley.protocol.DeviceId;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * How a client is: see {@link ClientBuilder}.
 *
 * @param id the device
 * @param servers the nodes, one at least, in the order in which they are tried
 */
record ClientSettings(
        DeviceId id,
        List<URI> servers,
        TokenSource tokens,
        OutboxStore store,
        Duration sessionExpiry,
        Duration keepAlive,
        Duration patience,
        Duration longestPause,
        int mostUnsent,
        int mostUnhandled) {

    ClientSettings {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("server: name one node at least, as tcp://host:1883");
        }
        servers.forEach(Servers::check);
        if (mostUnsent < 1 || mostUnhandled < 1 || mostUnhandled > 65_535) {
            throw new IllegalArgumentException("mostUnsent is 1 at least, mostUnhandled 1 to 65,535");
        }
    }
}
