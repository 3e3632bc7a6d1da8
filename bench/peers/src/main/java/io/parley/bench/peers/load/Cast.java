package io.parley.bench.peers.load;

import io.parley.bench.measure.Clients;
import io.parley.bench.peers.clients.Destination;
import io.parley.bench.peers.clients.Inbox;
import io.parley.bench.peers.clients.PeerClient;
import io.parley.bench.peers.servers.Peer;
import io.parley.demo.DeviceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The accounts of the loads at one server. What their clients are told goes to the load that listens. */
final class Cast {
    private static final int CONNECTING_AT_ONCE = 50;

    private final Peer peer;
    private final List<String> names;
    private final List<PeerClient> clients = new ArrayList<>();
    private volatile @Nullable Accounting listening;

    /** @param role the beginning of the accounts' names; each cast of a server has its own */
    Cast(Peer peer, String role, int accounts) throws IOException, InterruptedException {
        this.peer = peer;
        this.names = IntStream.range(0, accounts).mapToObj(i -> role + "-" + i).toList();
        peer.register(names);
        for (int i = 0; i < accounts; i++) {
            clients.add(peer.client(names.get(i), new Seat(i)));
        }
    }

    private final class Seat implements Inbox {
        private final int number;

        private Seat(int number) {
            this.number = number;
        }

        @Override
        public void accepted(String id) {
            Accounting accounting = listening;
            if (accounting != null) {
                accounting.acknowledged(id);
            }
        }

        @Override
        public void received(String id) {
            Accounting accounting = listening;
            if (accounting != null) {
                accounting.received(number, id);
            }
        }
    }

    void listen(Accounting accounting) {
        listening = accounting;
    }

    int size() {
        return clients.size();
    }

    PeerClient client(int account) {
        return clients.get(account);
    }

    List<PeerClient> clients(int from, int to) {
        return clients.subList(from, to);
    }

    Destination direct(int from, int to) {
        return peer.direct(names.get(from), names.get(to));
    }

    /** A group of the first accounts, with all of them in it. */
    Destination group(String name, int members) throws IOException {
        Destination group = peer.group(name, names.subList(0, members));
        // The first founds it where a group begins with its first member.
        await(List.of(clients.get(0).join(group)), "joining a group");
        await(clients(1, members).stream().map(client -> client.join(group)).toList(), "joining a group");
        return group;
    }

    void connect() throws IOException {
        for (int from = 0; from < clients.size(); from += CONNECTING_AT_ONCE) {
            List<PeerClient> some = clients(from, Math.min(clients.size(), from + CONNECTING_AT_ONCE));
            await(some.stream().map(PeerClient::connect).toList(), "connecting");
        }
    }

    /** Ends the connections of those that have one. */
    void disconnect(List<PeerClient> some) throws IOException {
        List<CompletableFuture<Void>> ends = some.stream()
                .filter(PeerClient::isConnected)
                .map(client -> client.disconnect().exceptionally(alreadyGone -> null))
                .toList();
        await(ends, "disconnecting");
    }

    static void await(List<? extends CompletableFuture<?>> futures, String what) throws IOException {
        try {
            Clients.await(futures, what);
        } catch (DeviceException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
