package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.delivering.EventStore;
import io.parley.gateway.delivering.SessionTerms;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.EventPage;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What it costs the log that a device comes and goes: a node and an engine that are real, with a log that counts. */
final class ConnectCostTest implements EventStore {
    private static final int QUIET = 1000;
    private static final int MOVED = 10;
    /** Two for each that moved, and a few for the connection. */
    private static final int MOST = 30;

    private static final Origin OWNER = Origin.newBuilder()
            .setUser("owner")
            .setDevice("desk")
            .setConnection(1)
            .setNode(Node.newBuilder().setSlot(1).setEpoch(1))
            .build();

    private final Random random = new Random(1);
    private final SimulatedLog log = new SimulatedLog(random);
    private final SimulatedNode node =
            new SimulatedNode(Node.newBuilder().setSlot(0).setEpoch(1).build(), log, this, random);
    private final List<ConversationId> groups = IntStream.range(0, QUIET + MOVED)
            .mapToObj("g%012d"::formatted)
            .map(ConversationId::parse)
            .toList();

    /** @param expirySeconds whether the session outlives its connection */
    @ParameterizedTest
    @ValueSource(ints = {0, 3600})
    void a_device_with_1000_quiet_conversations_costs_at_most_30_commands_to_come_and_go_when_10_have_moved(
            int expirySeconds) {
        SimulatedDevice phone =
                new SimulatedDevice(DeviceId.parse("ann/phone"), new SessionTerms(false, expirySeconds), random);
        // Who never connected is unknown, and not added.
        comesAndGoes(phone);
        for (ConversationId group : groups) {
            log.append(
                    group,
                    ConversationCommand.newBuilder()
                            .setOrigin(OWNER)
                            .setCreateGroup(CreateGroup.newBuilder().addMembers("ann"))
                            .build());
        }
        comesAndGoes(phone);
        groups.forEach(
                group -> assertThat(phone.got).as("it has everything by now").containsEntry(group, List.of(1)));

        List<ConversationId> moved = groups.subList(0, MOVED);
        for (ConversationId group : moved) {
            log.append(
                    group,
                    ConversationCommand.newBuilder()
                            .setOrigin(OWNER)
                            .setSendMessage(SendMessage.newBuilder()
                                    .setPublication(
                                            Publication.newBuilder().setId("m").setText("t")))
                            .build());
        }
        settle();
        assertThat(phone.isConnected()).isFalse();
        log.appended().clear();
        comesAndGoes(phone);

        assertThat(log.appended()).hasSizeBetween(2 * MOVED, MOST);
        for (ConversationId group : moved) {
            assertThat(phone.got.get(group))
                    .as("it got what it lacked")
                    .isEqualTo(phone.isVisitor() ? List.of(2) : List.of(1, 2));
        }
        log.appended().clear();
        comesAndGoes(phone);
        assertThat(log.appended()).as("nothing has moved").hasSizeLessThanOrEqualTo(MOST - 2 * MOVED);
    }

    /** As libraries do, it subscribes each time. */
    private void comesAndGoes(SimulatedDevice phone) {
        boolean again = phone.subscribed && !phone.isVisitor();
        phone.connect(node);
        SimulatedConnection connection = Objects.requireNonNull(phone.connection);
        settle();
        if (again) {
            connection.subscribe();
        }
        long received = -1;
        while (received < phone.received()) {
            received = phone.received();
            for (int i = 0; i < 20; i++) {
                connection.acknowledgeAll();
                pass(100);
            }
        }
        connection.end();
        // Less than the grace, after which presence is told.
        for (int second = 0; second < 5; second++) {
            pass(1000);
        }
    }

    private void pass(long millis) {
        settle();
        log.pass(millis);
        node.pass(millis);
        settle();
    }

    private void settle() {
        boolean progress = true;
        while (progress) {
            progress = log.run(1000);
            progress |= node.run(1000, 1000);
        }
    }

    @Override
    public CompletionStage<EventPage> read(ConversationId conversation, int after, int limit) {
        List<SequencedEvent> page = new ArrayList<>();
        log.events(conversation).stream()
                .skip(after)
                .limit(limit)
                .forEach(event -> page.add(new SequencedEvent(event.getSeq(), event.toByteArray())));
        return CompletableFuture.completedFuture(new EventPage(page, after + page.size()));
    }

    @Override
    public CompletionStage<Integer> head(ConversationId conversation) {
        return CompletableFuture.completedFuture(log.events(conversation).size());
    }
}
