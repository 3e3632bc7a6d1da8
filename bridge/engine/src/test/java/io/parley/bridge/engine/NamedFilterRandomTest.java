package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.audit.Seeds;
import io.parley.gateway.delivering.SessionTerms;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.log.Node;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A device subscribes by name to a conversation that begins at the same time: it gets the first message, whichever machine is faster. */
final class NamedFilterRandomTest {
    private static final int SEEDS = 1_000;
    private static final ConversationId TWO = ConversationId.parse("u0~u1");

    @Test
    void the_first_message_comes() {
        Seeds.play(SEEDS, NamedFilterRandomTest::play);
    }

    private static void play(long seed) {
        Random random = new Random(seed);
        SimulatedLog log = new SimulatedLog(random);
        SimulatedNode node =
                new SimulatedNode(Node.newBuilder().setSlot(0).setEpoch(1).build(), log, new LoggedEvents(log), random);
        SimulatedDevice writer = device("u0/d", random);
        SimulatedDevice reader = device("u1/d", random);
        reader.filter = random.nextBoolean() ? "chat/@u0/msg" : "chat/u0~u1/#";
        writer.connect(node);
        settle(log, node);
        reader.connect(node);
        for (int published = 0; published < 3; ) {
            log.run(random.nextInt(3));
            node.run(random.nextInt(3), random.nextInt(3));
            // The first of them when the reader is known.
            if (reader.isConnected() && random.nextInt(3) == 0) {
                writer.publish(TWO);
                published++;
            }
        }
        for (int second = 0; second < 10; second++) {
            settle(log, node);
            acknowledges(writer);
            acknowledges(reader);
            log.pass(1000);
            node.pass(1000);
        }
        settle(log, node);
        assertThat(writer.accepted).hasSize(3);
        assertThat(reader.got.get(TWO)).containsExactly(1, 2, 3);
    }

    private static void acknowledges(SimulatedDevice device) {
        SimulatedConnection connection = device.connection;
        if (connection != null) {
            connection.acknowledgeAll();
        }
    }

    private static SimulatedDevice device(String name, Random random) {
        return new SimulatedDevice(
                DeviceId.parse(name), new SessionTerms(false, SessionTerms.MAX_EXPIRY_SECONDS), random);
    }

    private static void settle(SimulatedLog log, SimulatedNode node) {
        boolean progress = true;
        while (progress) {
            progress = log.run(100);
            progress |= node.run(100, 100);
        }
    }
}
