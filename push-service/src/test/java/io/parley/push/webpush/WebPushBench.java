package io.parley.push.webpush;

import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.push.message.Notifications;
import io.parley.push.provider.PushOutcome;
import io.parley.push.sink.SinkRecord;
import io.parley.push.sink.Subscription;
import io.parley.push.sink.VapidKey;
import io.parley.push.sink.WebPushCounterpart;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The provider and its counterpart on this machine. */
@SuppressWarnings("NullAway.Init")
abstract class WebPushBench {
    static final Duration LONG = Duration.ofSeconds(20);
    static final Notification ALERT = Notifications.alert("Anna", "Hello");

    final List<SinkRecord> accepted = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    Path keyFile;
    WebPushCounterpart counterpart;
    WebPushProvider provider;
    Subscription browser;

    @BeforeEach
    void start() throws IOException {
        counterpart = new WebPushCounterpart(0, Clock.systemUTC(), accepted::add);
        browser = counterpart.subscribe();
        keyFile = Files.writeString(folder.resolve("vapid.pem"), VapidKey.newFile());
        provider = open(local(), LONG, 4, 100, InetAddress::getAllByName);
    }

    @AfterEach
    void stop() {
        provider.close();
        counterpart.close();
    }

    static WebPushSettings.Endpoints local() {
        return new WebPushSettings.Endpoints(List.of(new HostPattern("*")), List.of(443), true);
    }

    static WebPushSettings.Endpoints untrusted() {
        return new WebPushSettings.Endpoints(List.of(new HostPattern("*")), List.of(443), false);
    }

    final WebPushProvider open(
            WebPushSettings.Endpoints endpoints, Duration timeout, int threads, int waiting, AddressRules.Names names)
            throws IOException {
        List<HostPattern> noWithdrawals = List.of(new HostPattern("localhost"));
        WebPushSettings settings = new WebPushSettings(
                keyFile, "mailto:push@example.org", endpoints, noWithdrawals, tls, timeout, threads, waiting);
        return new WebPushProvider(settings, Notifications.DIGEST, names, Clock.systemUTC());
    }

    /** The certificates that {@link #open} trusts. */
    SSLContext tls = TrustedCertificates.ofTheJvm();

    final void reopen(
            WebPushSettings.Endpoints endpoints, Duration timeout, int threads, int waiting, AddressRules.Names names)
            throws IOException {
        provider.close();
        provider = open(endpoints, timeout, threads, waiting, names);
    }

    static PushToken token(String endpoint, Subscription keys) {
        return PushToken.newBuilder()
                .setPlatform(PushPlatform.WEB_PUSH)
                .setToken(endpoint)
                .setP256Dh(keys.p256dh())
                .setAuth(keys.auth())
                .build();
    }

    final PushOutcome send(PushToken token, Notification notification) throws Exception {
        return provider.send(token, notification).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    final PushOutcome send(Subscription to, Notification notification) throws Exception {
        return send(token(to.endpoint(), to), notification);
    }

    final PushOutcome sendTo(String endpoint) throws Exception {
        return send(token(endpoint, browser), ALERT);
    }
}
