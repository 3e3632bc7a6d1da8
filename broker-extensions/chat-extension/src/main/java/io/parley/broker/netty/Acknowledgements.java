package io.parley.broker.netty;

import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import io.parley.broker.metrics.BrokerMetrics;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The PUBACKs that a device waits for, sent in the order of its PUBLISH packets. While {@value #MAX_OPEN} are open nothing more is taken
 * from it: a 3.1.1 client knows no receive maximum, and what it sends again after a lost connection is recognised only so far back.
 * Reading stops then, but what was read by that time, some 64 KiB of packets, still comes and waits here. On the event loop.
 */
final class Acknowledgements {
    static final int MAX_OPEN = 100;
    private static final int RESUME_AT = 50;

    private final MqttLink link;
    private final BrokerMetrics metrics;
    private final Deque<Taken> open = new ArrayDeque<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean advancing;
    private boolean paused;

    Acknowledgements(MqttLink link, BrokerMetrics metrics) {
        this.link = link;
        this.metrics = metrics;
    }

    /** @param packetId 0 at QoS 0 */
    Taken expect(int packetId) {
        Taken taken = new Taken(this, packetId);
        open.add(taken);
        return taken;
    }

    /** Runs what takes the device's next packet: now, or after those before it when there is room again. */
    void inTurn(Runnable taking) {
        waiting.add(taking);
        advance();
    }

    /** The connection has ended: what still waits was never acknowledged, and the device sends it again. */
    void end() {
        waiting.clear();
    }

    void settled() {
        for (Taken first = open.peek(); first != null && !link.isClosing(); first = open.peek()) {
            Outcome outcome = first.outcome();
            if (outcome == null) {
                break;
            }
            open.remove();
            answer(first, outcome);
        }
        advance();
    }

    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        while (!waiting.isEmpty() && open.size() < MAX_OPEN && !link.isClosing()) {
            waiting.remove().run();
        }
        advancing = false;
        if (open.size() >= MAX_OPEN) {
            // Each time: HiveMQ turns reading on by itself when the CONNACK has gone.
            paused = true;
            link.read(false);
        } else if (paused && open.size() <= RESUME_AT) {
            paused = false;
            link.read(true);
        }
    }

    private void answer(Taken taken, Outcome outcome) {
        if (outcome == Outcome.ACCEPTED) {
            metrics.accepted();
        } else {
            metrics.refused();
        }
        if (taken.packetId() != 0) {
            link.acknowledge(taken.packetId(), outcome.puback(), taken.reason());
        } else if (outcome != Outcome.ACCEPTED) {
            refuseUnacknowledged(taken, outcome);
        }
    }

    private void refuseUnacknowledged(Taken taken, Outcome outcome) {
        if (link.isVersion5()) {
            link.replies().sendAtMostOnce(taken.asked(), taken.error(outcome));
        } else {
            link.disconnect(Mqtt5DisconnectReasonCode.UNSPECIFIED_ERROR, outcome.name());
        }
    }
}
