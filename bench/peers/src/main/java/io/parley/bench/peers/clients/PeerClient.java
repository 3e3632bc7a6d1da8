package io.parley.bench.peers.clients;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * One account at a server, with a session that outlives its connection. It connects again by itself, and sends again with the same id
 * what was not acknowledged, as an application does that must not lose anything.
 */
public interface PeerClient {
    /** Connects to the session that there is or to a new one, and subscribes; done when everything is answered. */
    CompletableFuture<Void> connect();

    /** Takes part in a group; done when that is answered. Connected clients only. */
    CompletableFuture<Void> join(Destination group);

    /**
     * Sends a message. Waits only as long as the library's own buffer is full.
     *
     * @param id plain ASCII without spaces and quotes
     * @param text the same, with spaces
     */
    void send(Destination to, String id, String text);

    /** Ends the connection and leaves the session. */
    CompletableFuture<Void> disconnect();

    /** Whether it is connected at this moment. */
    boolean isConnected();

    /**
     * Asks the server's archive for messages to this account, if it has one that clients must ask.
     *
     * @return how many messages the archive has of those whose id begins so and that were not received before; 0 without an archive
     * @throws IOException when the archive does not answer
     */
    default int missedInArchive(String idPrefix) throws IOException {
        return 0;
    }
}
