package io.parley.push.apns;

import com.eatthepath.pushy.apns.server.MockApnsServer;
import com.eatthepath.pushy.apns.server.MockApnsServerBuilder;
import com.eatthepath.pushy.apns.server.PushNotificationHandlerFactory;
import com.eatthepath.pushy.apns.server.RejectedNotificationException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.parley.push.secrets.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Pushy's own server in Apple's place: HTTP/2 over TLS, with answers from a test. */
final class StandInApple implements AutoCloseable {
    /** For all of them: a group of its own takes seconds to shut down. */
    private static final EventLoopGroup THREADS = new NioEventLoopGroup(2, new DefaultThreadFactory("apple", true));

    private final MockApnsServer server;
    private final int port;
    private final List<Received> received;

    /** A request as it came. */
    record Received(String token, Http2Headers headers, String payload) {
        String header(String name) {
            CharSequence value = headers.get(name);
            return value == null ? "" : value.toString();
        }
    }

    /** How it is answered; without an exception it is accepted. */
    @FunctionalInterface
    interface Script {
        void on(Received request) throws RejectedNotificationException;
    }

    private StandInApple(MockApnsServer server, int port, List<Received> received) {
        this.server = server;
        this.port = port;
        this.received = received;
    }

    static StandInApple start(TestCertificate certificate, Script script) throws Exception {
        return start(certificate, 0, script);
    }

    static StandInApple start(TestCertificate certificate, int port, Script script) throws Exception {
        return start(
                certificate, certificate, port, session -> (headers, payload) -> script.on(read(headers, payload)));
    }

    static StandInApple checking(TestCertificate certificate, PushNotificationHandlerFactory checks) throws Exception {
        return start(certificate, certificate, 0, checks);
    }

    /** @param client the certificate of clients that is trusted */
    static StandInApple checking(
            TestCertificate certificate, TestCertificate client, PushNotificationHandlerFactory checks)
            throws Exception {
        return start(certificate, client, 0, checks);
    }

    private static StandInApple start(
            TestCertificate certificate, TestCertificate client, int port, PushNotificationHandlerFactory checks)
            throws Exception {
        List<Received> received = new CopyOnWriteArrayList<>();
        MockApnsServerBuilder builder = new MockApnsServerBuilder()
                .setServerCredentials(
                        new java.security.cert.X509Certificate[] {certificate.certificate()}, certificate.key(), null)
                .setTrustedServerCertificateChain(client.certificate())
                .setEventLoopGroup(THREADS)
                .setHandlerFactory(session -> {
                    var handler = checks.buildHandler(session);
                    return (headers, payload) -> {
                        received.add(read(headers, payload));
                        handler.handlePushNotification(headers, payload);
                    };
                });
        MockApnsServer server = builder.build();
        int bound = server.start(port).get(10, TimeUnit.SECONDS);
        return new StandInApple(server, bound, received);
    }

    int port() {
        return port;
    }

    /** All requests so far, the refused ones too. */
    List<Received> received() {
        return received;
    }

    List<String> tokens() {
        return received.stream().map(Received::token).toList();
    }

    /** Says GOAWAY on each connection, and listens no more. */
    @Override
    public void close() {
        server.shutdown().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static Received read(Http2Headers headers, ByteBuf payload) {
        String path = headers.path().toString();
        return new Received(
                path.substring(path.lastIndexOf('/') + 1),
                headers,
                payload == null ? "" : payload.toString(StandardCharsets.UTF_8));
    }
}
