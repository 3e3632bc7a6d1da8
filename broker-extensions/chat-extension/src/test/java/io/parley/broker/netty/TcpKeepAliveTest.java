package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.parley.broker.netty.TcpKeepAlive.Probes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Real sockets on the loopback interface: what the system was told is read back from it. */
final class TcpKeepAliveTest {
    private final NioEventLoopGroup threads = new NioEventLoopGroup(1);
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private Channel server;

    @BeforeEach
    void listen() throws InterruptedException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "TCP_USER_TIMEOUT is an option of Linux");
        server = new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .childHandler(new Accepting(accepted))
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    @AfterEach
    void stop() {
        threads.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void a_connection_gets_its_probes_and_its_user_timeout() throws Exception {
        TcpUserTimeout system = TcpUserTimeout.open();
        try (Socket client = connect()) {
            Channel channel = nextAccepted();
            assertThat(system.get(channel)).isZero();

            new TcpKeepAlive().on(channel, new Probes(31, 7, 4, 43_000));

            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(system.get(channel)).isEqualTo(43_000));
            assertThat(channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE)))
                    .isEqualTo(31);
            assertThat(channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL)))
                    .isEqualTo(7);
            assertThat(channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT)))
                    .isEqualTo(4);
            assertThat(client.isConnected()).isTrue();
        }
    }

    /** The system counts bytes that the other side has no room for as it counts those that it does not acknowledge. */
    @Test
    void a_connection_whose_client_takes_no_more_bytes_ends_after_the_user_timeout() throws Exception {
        try (Socket client = connect()) {
            Channel channel = nextAccepted();
            new TcpKeepAlive().on(channel, new Probes(60, 9, 3, 500));

            var unused = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[64 << 20]));

            assertThat(channel.closeFuture().await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(client.isClosed()).isFalse();
        }
    }

    @Test
    void a_client_without_keep_alive_or_with_a_long_one_is_probed_sooner() {
        assertThat(List.of(Probes.of(0), Probes.of(61))).containsOnly(Probes.ALONE);
        assertThat(List.of(Probes.of(1), Probes.of(60))).containsOnly(Probes.BESIDE_MQTT_KEEP_ALIVE);
    }

    @Test
    void silence_and_unacknowledged_bytes_together_last_less_than_90_seconds() {
        int lateSeconds = 2;
        int userTimeoutSeconds = Probes.ALONE.userTimeoutMillis() / 1000;
        int probed = Probes.ALONE.idleSeconds();
        while (probed < userTimeoutSeconds) {
            probed += Probes.ALONE.intervalSeconds();
        }
        assertThat(probed + lateSeconds + userTimeoutSeconds + lateSeconds).isLessThan(90);
    }

    @Test
    void the_options_that_a_channel_does_not_have_are_warned_of_once() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(TcpKeepAlive.class);
        logger.addAppender(log);
        try {
            TcpKeepAlive keepAlive = new TcpKeepAlive();
            for (int i = 0; i < 2; i++) {
                EmbeddedChannel noSocket = new EmbeddedChannel();
                keepAlive.on(noSocket, Probes.ALONE);
                noSocket.runPendingTasks();
            }
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage()).contains("TCP_USER_TIMEOUT cannot be set");
        });
    }

    private Socket connect() throws IOException {
        InetSocketAddress at = (InetSocketAddress) server.localAddress();
        return new Socket(at.getAddress(), at.getPort());
    }

    private Channel nextAccepted() throws InterruptedException {
        Channel channel = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(channel).isNotNull();
        return channel;
    }

    /** Hands over what was accepted, and closes it when the system says that it has failed. */
    @Sharable
    private static final class Accepting extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Channel> accepted;

        Accepting(BlockingQueue<Channel> accepted) {
            this.accepted = accepted;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            accepted.add(context.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            var unused = context.close();
        }
    }
}
