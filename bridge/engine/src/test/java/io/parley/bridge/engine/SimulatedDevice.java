package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.delivering.Frame;
import io.parley.gateway.delivering.SessionTerms;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.SubscribeFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A device with an ordinary client library: it subscribes once, acknowledges what it got, and sends again what was not acknowledged when it is
 * connected again.
 */
final class SimulatedDevice {
    /** What it published and nobody acknowledged. */
    record Published(ConversationId conversation, String id) {
        byte[] payload() {
            return ("{\"id\":\"" + id + "\",\"text\":\"text of " + id + "\"}").getBytes(StandardCharsets.UTF_8);
        }
    }

    final DeviceId id;
    private final Random random;
    /** What it asks of its session, each time. */
    final SessionTerms terms;
    /**
     * The seqs that it got of each conversation, each once, in the order in which they came first; of a session that ends with its connection,
     * since it began.
     */
    final Map<ConversationId, List<Integer>> got = new HashMap<>();
    /** What it acknowledged on connections that ended in order. */
    private final Map<ConversationId, Integer> settled = new HashMap<>();

    final Map<Integer, Published> open = new LinkedHashMap<>();
    /** What was acknowledged to it. */
    final Set<Published> accepted = new HashSet<>();
    /** What was refused instead. */
    final Set<Published> refused = new HashSet<>();
    /** What it subscribes to. */
    String filter = "chat/+/msg";

    /** How many receipts and the like it got. */
    int signals;

    /** Whether its library was told that its subscription stands. */
    boolean subscribed;

    private int tickets;
    private int published;

    @Nullable
    SimulatedConnection connection;

    SimulatedDevice(DeviceId id, SessionTerms terms, Random random) {
        this.id = id;
        this.terms = terms;
        this.random = random;
    }

    /** Whether its session ends with each connection. */
    boolean isVisitor() {
        return terms.isTransient();
    }

    /** Whether its filter matches the conversation. */
    boolean wants(ConversationId conversation) {
        return !(SubscribeFilter.parse(filter, id.user()) instanceof SubscribeFilter.One one)
                || one.conversation().equals(conversation);
    }

    void connect(SimulatedNode node) {
        connection = new SimulatedConnection(this, node, 1 + random.nextInt(20));
    }

    boolean isConnected() {
        return connection != null && connection.isOpen();
    }

    /** The session is there. The library does as the specification says. */
    void opened(SimulatedConnection with, boolean present) {
        if (isVisitor()) {
            assertThat(present).as("%s has no session", id).isFalse();
            subscribed = false;
            got.clear();
        }
        assertThat(present || !subscribed)
                .as("the session of %s is there still", id)
                .isTrue();
        if (!subscribed) {
            with.subscribe();
        }
        open.forEach(with::publish);
    }

    /** How many events it got. */
    long received() {
        return got.values().stream().mapToLong(List::size).sum();
    }

    /** A new message of the device's own. */
    void publish(ConversationId conversation) {
        tickets = tickets % 65_535 + 1;
        Published message = new Published(conversation, id.user() + "-" + id.name() + "-" + ++published);
        open.put(tickets, message);
        SimulatedConnection now = connection;
        if (now != null && now.isOpen()) {
            now.publish(tickets, message);
        }
    }

    void accepted(int ticket) {
        Published message = open.remove(ticket);
        if (message != null) {
            accepted.add(message);
        }
    }

    /** It is not sent again. */
    void refused(int ticket) {
        Published message = open.remove(ticket);
        if (message != null) {
            refused.add(message);
        }
    }

    /** Up to where the log had what was acknowledged, now. */
    Map<ConversationId, Integer> settled() {
        return Map.copyOf(settled);
    }

    /**
     * An event came.
     *
     * @param before the seq that came before it in the conversation, on the same connection
     * @param known up to where the log had what was acknowledged when the connection began
     */
    void receive(Frame frame, @Nullable Integer before, Map<ConversationId, Integer> known) {
        ConversationId conversation = frame.conversation();
        int seq = frame.event().seq();
        assertThat(frame.event().decoded().getSeq()).isEqualTo(seq);
        List<Integer> all = got.computeIfAbsent(conversation, key -> new ArrayList<>());
        if (before != null) {
            assertThat(seq).as("%s: the order of %s", id, conversation).isGreaterThan(before);
        }
        if (isVisitor() || all.isEmpty() || seq > all.get(all.size() - 1)) {
            all.add(seq);
        } else {
            assertThat(all).as("%s: %s comes late", id, conversation).contains(seq);
            assertThat(seq)
                    .as("%s: repeated in %s", id, conversation)
                    .isGreaterThan(known.getOrDefault(conversation, 0));
        }
    }

    /** The log has what was acknowledged on a connection, up to where in each conversation: it may not come again. */
    void settled(Map<ConversationId, Integer> acknowledged) {
        acknowledged.forEach((conversation, seq) -> settled.merge(conversation, seq, Math::max));
    }

    void disconnected() {
        connection = null;
    }
}
