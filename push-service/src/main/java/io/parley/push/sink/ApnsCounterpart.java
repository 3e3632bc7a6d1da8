package io.parley.push.sink;

import com.eatthepath.pushy.apns.server.MockApnsServer;
import com.eatthepath.pushy.apns.server.MockApnsServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Apple's service on this machine: Pushy's own server (HTTP/2 over TLS), with the checks of {@link ApnsSession}. It is both of Apple's environments.
 *
 * <p>Pushy's server listens on every address, unless {@link LoopbackListeners} is switched on. Nobody but the holder of the key can have anything accepted.
 */
public final class ApnsCounterpart implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final EventLoopGroup thread = new NioEventLoopGroup(1, new DefaultThreadFactory("apns-counterpart", true));
    private final MockApnsServer server;
    private final int port;

    /**
     * Starts it.
     *
     * @param port 0: any free one
     * @param accepted is told each notification; from one thread. What it throws is an error of Apple's own: the sender tries again
     */
    public ApnsCounterpart(int port, ApnsIdentity identity, Clock clock, Consumer<SinkRecord> accepted)
            throws IOException {
        this.server = new MockApnsServerBuilder()
                .setServerCredentials(new X509Certificate[] {identity.certificate()}, identity.certificateKey(), null)
                .setEventLoopGroup(thread)
                .setHandlerFactory(connection -> new ApnsSession(identity, clock, accepted))
                .build();
        try {
            this.port = server.start(port).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("Apple's counterpart cannot listen on port " + port + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Says GOAWAY on each connection, and listens no more. */
    @Override
    public void close() {
        server.shutdown().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        var unused = thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
