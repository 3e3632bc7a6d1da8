package io.parley.broker.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.nio.NioChannelOption;
import java.net.SocketOption;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a silent device's system, not its client, whether it is there: within 90 s a connection ends whose network died. A 3.1.1 client may
 * announce no keep-alive or a long one, and a server cannot shorten it; one that only listens would be cut by any limit to its silence.
 * The probes begin when the longest keep-alive of an MQTT 5 client has brought a packet, so that they wake no phone that sends its own.
 */
final class TcpKeepAlive {
    private static final Logger LOG = LoggerFactory.getLogger(TcpKeepAlive.class);
    private static final int IDLE_SECONDS = 60;
    private static final int INTERVAL_SECONDS = 9;
    private static final int PROBES = 3;

    private TcpKeepAlive() {}

    /** For a channel of HiveMQ's, which has turned the probes on; where the system knows no such intervals it keeps its own. */
    static void on(Channel channel) {
        try {
            set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
            set(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, INTERVAL_SECONDS);
            set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
        } catch (ChannelException e) {
            // The client went in this moment: an open socket takes what its system knows.
            LOG.debug("a connection ended at its beginning: {}", e.toString());
        }
    }

    private static void set(Channel channel, SocketOption<Integer> option, int value) {
        channel.config().setOption(NioChannelOption.of(option), value);
    }
}
