package io.parley.broker.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.net.SocketOption;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a silent device's system, not its client, whether it is there: a connection whose network died ends within 90 s.
 * <ul>
 *   <li>With an MQTT keep-alive of 60 s or less, HiveMQ ends it by itself. The probes begin when such a client has sent a packet of its own, so
 *       that they wake no phone.
 *   <li>Without one, nothing of the client is expected, and the probes are all there is. The system sends none while bytes are on their way:
 *       the silence before those were sent and the user timeout after it add up, and are chosen to stay below 90 s together.
 * </ul>
 */
final class TcpKeepAlive {
    private static final Logger LOG = LoggerFactory.getLogger(TcpKeepAlive.class);
    private static final int LONGEST_MQTT_KEEP_ALIVE_SECONDS = 60;

    /**
     * The options of a socket. The user timeout, where it is set, also decides which unanswered probe is the last: the first one after it.
     *
     * @param idleSeconds of silence before the first probe
     * @param intervalSeconds between two probes
     * @param count of probes without an answer that end the connection, where there is no user timeout
     * @param userTimeoutMillis how long sent bytes may stay unacknowledged
     */
    record Probes(int idleSeconds, int intervalSeconds, int count, int userTimeoutMillis) {
        static final Probes BESIDE_MQTT_KEEP_ALIVE = new Probes(60, 9, 3, 85_000);
        /** The kernel's timers may be two seconds late: at most 42 s of silence, and 42 s until unacknowledged bytes are given up. */
        static final Probes ALONE = new Probes(30, 5, 2, 40_000);

        /** @param mqttKeepAliveSeconds what the client announced, 0 for none */
        static Probes of(int mqttKeepAliveSeconds) {
            return mqttKeepAliveSeconds > 0 && mqttKeepAliveSeconds <= LONGEST_MQTT_KEEP_ALIVE_SECONDS
                    ? BESIDE_MQTT_KEEP_ALIVE
                    : ALONE;
        }
    }

    private final @Nullable TcpUserTimeout userTimeout;
    private final AtomicBoolean warned = new AtomicBoolean();

    TcpKeepAlive() {
        TcpUserTimeout found = null;
        try {
            found = TcpUserTimeout.open();
        } catch (IOException e) {
            warn(e);
        }
        userTimeout = found;
    }

    /** For a channel of HiveMQ's, which has turned the probes on; where the system knows no such intervals it keeps its own. */
    void on(Channel channel, Probes probes) {
        channel.eventLoop().execute(() -> {
            if (channel.isOpen()) {
                set(channel, probes);
            }
        });
    }

    private void set(Channel channel, Probes probes) {
        try {
            set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, probes.idleSeconds());
            set(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, probes.intervalSeconds());
            set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, probes.count());
        } catch (ChannelException e) {
            // The client went in this moment: an open socket takes what its system knows.
            LOG.debug("a connection ended at its beginning: {}", e.toString());
        }
        if (userTimeout != null) {
            try {
                userTimeout.set(channel, probes.userTimeoutMillis());
            } catch (IOException e) {
                warn(e);
            }
        }
    }

    private void warn(IOException e) {
        if (warned.compareAndSet(false, true)) {
            LOG.warn(
                    "TCP_USER_TIMEOUT cannot be set: {}. A connection of a client without MQTT keep-alive whose network dies while bytes are on"
                            + " their way to it ends only when the system gives up, on Linux after some 15 minutes (net.ipv4.tcp_retries2).",
                    e.getMessage());
        }
    }

    private static void set(Channel channel, SocketOption<Integer> option, int value) {
        channel.config().setOption(NioChannelOption.of(option), value);
    }
}
