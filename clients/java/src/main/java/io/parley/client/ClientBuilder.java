package io.parley.client;

import io.parley.protocol.DeviceId;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Describes a client; {@link ParleyClient#builder}. */
public final class ClientBuilder {
    private final DeviceId device;
    private final TokenSource tokens;
    private final List<URI> servers = new ArrayList<>();
    private OutboxStore store = OutboxStore.memory();
    private Duration sessionExpiry = Duration.ofDays(30);
    private Duration keepAlive = Duration.ofSeconds(50);
    private Duration patience = Duration.ofSeconds(20);
    private Duration longestPause = Duration.ofSeconds(30);
    private int mostUnsent = 1_000;
    private int mostUnhandled = 100;

    ClientBuilder(DeviceId device, TokenSource tokens) {
        this.device = device;
        this.tokens = tokens;
    }

    /** A node: {@code tcp://host:1883}, {@code ssl://host:8883}, {@code ws://host:8083/mqtt} or {@code wss://host/mqtt}. Of several, the next is tried when one is gone. */
    public ClientBuilder server(URI server) {
        servers.add(server);
        return this;
    }

    /** Where what is not acknowledged is kept; in memory only unless this is said. */
    public ClientBuilder store(OutboxStore outboxStore) {
        this.store = outboxStore;
        return this;
    }

    /** How long the session outlives its connection: 30 days, which is the server's most, unless this is said. */
    public ClientBuilder sessionExpiry(Duration expiry) {
        this.sessionExpiry = expiry;
        return this;
    }

    /** How often the client says that it is there; 50 s unless this is said. */
    public ClientBuilder keepAlive(Duration interval) {
        this.keepAlive = interval;
        return this;
    }

    /** How long a request waits for its reply; 20 s unless this is said. */
    public ClientBuilder patience(Duration longest) {
        this.patience = longest;
        return this;
    }

    /** The longest pause between two tries to connect; 30 s unless this is said. */
    public ClientBuilder longestPause(Duration pause) {
        this.longestPause = pause;
        return this;
    }

    /** How many messages may wait for their acknowledgement; 1,000 unless this is said. One more fails. */
    public ClientBuilder mostUnsent(int messages) {
        this.mostUnsent = messages;
        return this;
    }

    /** How many events the platform sends before the application is done with the first; 100 unless this is said. */
    public ClientBuilder mostUnhandled(int events) {
        this.mostUnhandled = events;
        return this;
    }

    /** @throws IllegalArgumentException that names what is wrong */
    public ParleyClient build(ChatHandler handler) {
        return new ParleyClient(
                new ClientSettings(
                        device,
                        servers,
                        tokens,
                        store,
                        sessionExpiry,
                        keepAlive,
                        patience,
                        longestPause,
                        mostUnsent,
                        mostUnhandled),
                handler);
    }
}
