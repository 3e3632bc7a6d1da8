package io.parley.standalone;

import com.eatthepath.pushy.apns.server.MockApnsServer;
import com.eatthepath.pushy.apns.server.MockApnsServerBuilder;
import com.eatthepath.pushy.apns.server.RejectedNotificationException;
import com.eatthepath.pushy.apns.server.RejectionReason;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.parley.push.sink.SinkRecord;
import io.parley.runtime.SelfSignedCertificate;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Pushy's own server in Apple's place. While it is unwell, some notifications fail once, and some are slow. */
final class PlayedApple implements AutoCloseable {
    private static final String PASSWORD = "only on this disk";

    private final EventLoopGroup threads = new NioEventLoopGroup(1, new DefaultThreadFactory("apple", true));
    private final AtomicInteger requests = new AtomicInteger();
    private final Consumer<SinkRecord> accepted;
    private final Path keyStore;
    private final Path certificate;
    private volatile boolean unwell;
    private MockApnsServer server;
    private final int port;

    private PlayedApple(Path folder, Consumer<SinkRecord> accepted) throws Exception {
        this.accepted = accepted;
        this.keyStore = folder.resolve("apple.p12");
        this.certificate = folder.resolve("apple.pem");
        makeCertificate();
        this.server = build();
        this.port = server.start(0).get(10, TimeUnit.SECONDS);
    }

    /** @param accepted is told each notification */
    static PlayedApple start(Path folder, Consumer<SinkRecord> accepted) throws Exception {
        return new PlayedApple(folder, accepted);
    }

    int port() {
        return port;
    }

    /** A PEM file with what its clients have to trust. */
    Path certificate() {
        return certificate;
    }

    void unwell(boolean now) {
        unwell = now;
    }

    /** Says GOAWAY on each connection, and is there again after a moment. */
    void goAway() throws Exception {
        server.shutdown().get(20, TimeUnit.SECONDS);
        server = build();
        var unused = server.start(port).get(10, TimeUnit.SECONDS);
    }

    private MockApnsServer build() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return new MockApnsServerBuilder()
                .setServerCredentials(
                        new X509Certificate[] {(X509Certificate) store.getCertificate("apple")},
                        (PrivateKey) store.getKey("apple", PASSWORD.toCharArray()),
                        null)
                .setEventLoopGroup(threads)
                .setHandlerFactory(session -> this::accept)
                .build();
    }

    private void accept(Http2Headers headers, ByteBuf payload) throws RejectedNotificationException {
        int number = requests.incrementAndGet();
        if (unwell && number % 7 == 0) {
            throw new RejectedNotificationException(
                    number % 2 == 0 ? RejectionReason.INTERNAL_SERVER_ERROR : RejectionReason.SERVICE_UNAVAILABLE);
        }
        if (unwell && number % 50 == 0) {
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        String path = headers.path().toString();
        JsonObject json =
                JsonParser.parseString(payload.toString(StandardCharsets.UTF_8)).getAsJsonObject();
        JsonObject aps = json.getAsJsonObject("aps");
        accepted.accept(new SinkRecord(
                Instant.now().toString(),
                "APNS",
                path.substring(path.lastIndexOf('/') + 1),
                String.valueOf(headers.get("apns-topic")),
                String.valueOf(headers.get("apns-collapse-id")),
                String.valueOf(headers.get("apns-priority")),
                !aps.has("alert"),
                aps.has("badge") ? aps.get("badge").getAsLong() : 0,
                "",
                aps.has("alert") ? aps.getAsJsonObject("alert").get("body").getAsString() : "",
                json.has("conversation") ? json.get("conversation").getAsString() : "",
                json.has("seq") ? json.get("seq").getAsLong() : 0,
                json.has("withdraw")));
    }

    private void makeCertificate() throws Exception {
        SelfSignedCertificate.make(keyStore, PASSWORD, "apple", "CN=localhost");
        KeyStore store = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
        Files.writeString(
                certificate,
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(store.getCertificate("apple").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    @Override
    public void close() {
        server.shutdown().orTimeout(20, TimeUnit.SECONDS).join();
        var unused = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
