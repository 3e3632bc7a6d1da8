package io.parley.bench.peers.clients;

/** What one client is told. Called by threads of the client's library: implementations never wait. */
public interface Inbox {
    /** The server has taken responsibility for a message that this client sent. */
    void accepted(String id);

    /** A message has come, also one that this client sent to a group. */
    void received(String id);
}
