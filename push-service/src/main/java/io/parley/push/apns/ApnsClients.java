package io.parley.push.apns;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import io.netty.channel.EventLoopGroup;
import io.parley.protocol.push.PushEnvironment;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clients of one app: one for each environment. They connect when they have something to send. */
final class ApnsClients implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApnsClients.class);

    private final ApnsApp app;
    private final ApnsSettings settings;
    private final EventLoopGroup threads;
    private final ApnsCredentials credentials;
    private Pair clients;

    private record Pair(ApnsClient production, ApnsClient sandbox) {

        CompletableFuture<Void> close() {
            return CompletableFuture.allOf(production.close(), sandbox.close());
        }
    }

    /** @throws IOException when the credentials cannot be read */
    ApnsClients(ApnsApp app, ApnsSettings settings, EventLoopGroup threads) throws IOException {
        this.app = app;
        this.settings = settings;
        this.threads = threads;
        this.credentials = new ApnsCredentials(app);
        this.clients = open(settings, threads, credentials.read());
    }

    ApnsApp app() {
        return app;
    }

    ApnsClient of(PushEnvironment environment) {
        return environment == PushEnvironment.SANDBOX ? clients.sandbox() : clients.production();
    }

    /** Takes new clients if the files have changed. The old ones end with their last answers; what they could not send any more is tried again. */
    void reload() {
        if (!credentials.haveChanged()) {
            return;
        }
        try {
            Pair fresh = open(settings, threads, credentials.read());
            var unused = clients.close();
            clients = fresh;
            LOG.info("app={} credentials read anew", app.name());
        } catch (IOException e) {
            LOG.warn("app={} new credentials cannot be used, the old ones stay: {}", app.name(), e.getMessage());
        }
    }

    @Override
    public void close() {
        var unused = clients.close();
    }

    private static Pair open(ApnsSettings settings, EventLoopGroup threads, ApnsCredentials.Use credentials)
            throws IOException {
        return new Pair(
                client(settings.production(), settings, threads, credentials),
                client(settings.sandbox(), settings, threads, credentials));
    }

    private static ApnsClient client(
            ApnsServer server, ApnsSettings settings, EventLoopGroup threads, ApnsCredentials.Use credentials)
            throws IOException {
        ApnsClientBuilder client = new ApnsClientBuilder()
                .setApnsServer(server.host(), server.port())
                .setConcurrentConnections(settings.connections())
                .setConnectionTimeout(settings.deadline())
                .setGracefulShutdownTimeout(settings.deadline())
                .setEventLoopGroup(threads);
        if (server.trusted().isPresent()) {
            client.setTrustedServerCertificateChain(server.trusted().get().toFile());
        }
        credentials.on(client);
        return client.build();
    }
}
