package io.parley.bench.peers.servers;

import io.parley.bench.peers.clients.Destination;
import io.parley.bench.peers.clients.Inbox;
import io.parley.bench.peers.clients.PeerClient;
import io.parley.bench.peers.report.Facts;
import java.io.IOException;
import java.util.List;

/** A server that is compared, with its data in a directory of its own and on free ports of the loopback interface. */
public interface Peer extends AutoCloseable {
    Facts facts();

    /**
     * Starts it with the data that it has, and returns when it serves.
     *
     * @throws IOException when it does not start; the message names its log
     */
    void start() throws IOException, InterruptedException;

    /** Kills all its processes at once, as {@code kill -9} does. */
    void kill() throws InterruptedException;

    /** Its processes at this moment, to be measured. */
    List<ProcessHandle> processes();

    /** Makes accounts known, where a server must know them before they connect. */
    default void register(List<String> accounts) throws IOException, InterruptedException {}

    /** A client of an account, not connected yet. */
    PeerClient client(String account, Inbox inbox) throws IOException;

    /** Where one sends to for an account. */
    Destination direct(String from, String to);

    /**
     * A group; its members still have to join.
     *
     * @param members all accounts that are to be in it; they have been connected before
     */
    Destination group(String name, List<String> members) throws IOException;

    /** Ends its processes: in order if that is quick, else not. */
    @Override
    void close();
}
