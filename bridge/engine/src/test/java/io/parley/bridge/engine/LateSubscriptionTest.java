package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.delivering.SessionTerms;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.CreateGroup;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who subscribes by name to receipts, or to who types, of a conversation in which nothing moves hears of it from then on: a node and an engine that are real. */
final class LateSubscriptionTest {
    private static final ConversationId GROUP = ConversationId.parse("g0123456789abc");
    private static final Origin OWNER = Origin.newBuilder()
            .setUser("owner")
            .setDevice("desk")
            .setConnection(1)
            .setNode(Node.newBuilder().setSlot(1).setEpoch(1))
            .build();

    private final Random random = new Random(1);
    private final SimulatedLog log = new SimulatedLog(random);
    private final SimulatedNode node =
            new SimulatedNode(Node.newBuilder().setSlot(0).setEpoch(1).build(), log, new LoggedEvents(log), random);
    private final SimulatedDevice ann = device("ann/phone");
    private final SimulatedDevice ben = device("ben/phone");

    private SimulatedDevice device(String id) {
        return new SimulatedDevice(DeviceId.parse(id), new SessionTerms(false, 3_600), random);
    }

    /** Both have everything of the conversation, ann goes and comes: she is not attached to it. */
    private void annComesBackToAQuietConversation() {
        ann.connect(node);
        ben.connect(node);
        settle();
        log.append(
                GROUP,
                ConversationCommand.newBuilder()
                        .setOrigin(OWNER)
                        .setCreateGroup(
                                CreateGroup.newBuilder().addMembers("ann").addMembers("ben"))
                        .build());
        passes(3);
        assertThat(ann.got).containsEntry(GROUP, List.of(1));
        comesAgain();
        assertThat(benTypes()).as("nothing was subscribed to").isZero();
    }

    private void comesAgain() {
        connection(ann).end();
        passes(3);
        ann.connect(node);
        passes(3);
    }

    /** How many signals ann gets when ben types, more than two seconds after he did so last. */
    private int benTypes() {
        int before = ann.signals;
        connection(ben).types(GROUP);
        passes(3);
        return ann.signals - before;
    }

    private static SimulatedConnection connection(SimulatedDevice device) {
        return Objects.requireNonNull(device.connection);
    }

    private void passes(int seconds) {
        for (int i = 0; i < 10 * seconds; i++) {
            settle();
            for (SimulatedDevice device : List.of(ann, ben)) {
                if (device.connection != null) {
                    device.connection.acknowledgeAll();
                }
            }
            log.pass(100);
            node.pass(100);
            settle();
        }
    }

    private void settle() {
        boolean progress = true;
        while (progress) {
            progress = log.run(1000);
            progress |= node.run(1000, 1000);
        }
    }

    @Test
    void the_connection_that_subscribes_hears_it_at_once() {
        annComesBackToAQuietConversation();

        connection(ann).subscribe("chat/" + GROUP + "/typing");
        settle();

        assertThat(benTypes()).isEqualTo(1);
        assertThat(benTypes()).isEqualTo(1);
    }

    @Test
    void the_next_connection_is_woken_by_it_though_nothing_moved_in_between() {
        annComesBackToAQuietConversation();
        connection(ann).subscribe("chat/" + GROUP + "/typing");
        settle();
        comesAgain();

        benTypes();

        assertThat(benTypes()).as("the first one attached it").isEqualTo(1);
        comesAgain();
        benTypes();
        assertThat(benTypes()).isEqualTo(1);
    }

    @Test
    void subscribing_again_as_libraries_do_asks_nothing_more() {
        annComesBackToAQuietConversation();
        connection(ann).subscribe("chat/" + GROUP + "/typing");
        settle();
        assertThat(log.appended()).anyMatch(appended -> appended.contains("ASK_FOR_WAKE"));
        log.appended().clear();

        connection(ann).subscribe("chat/" + GROUP + "/typing");
        settle();

        assertThat(log.appended()).noneMatch(appended -> appended.contains("ASK_FOR_WAKE"));
    }
}
