package io.parley.push.fcm;

import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.push.message.Notifications;
import io.parley.push.provider.PushOutcome;
import io.parley.push.sink.FcmCounterpart;
import io.parley.push.sink.SinkRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The provider and its counterpart on this machine, which talk through the unmodified SDK. */
@SuppressWarnings("NullAway.Init")
abstract class FcmBench {
    static final Duration LONG = Duration.ofSeconds(20);
    static final Notification ALERT = Notifications.alert("Anna", "Hello");

    static final List<SinkRecord> accepted = new CopyOnWriteArrayList<>();
    static FcmCounterpart counterpart;
    /** Keys take long to make: each project's account is made once. */
    static Map<String, String> serviceAccounts;

    @TempDir
    Path folder;

    FcmProvider provider;

    @BeforeAll
    static void startCounterpart() throws IOException {
        counterpart = new FcmCounterpart(0, Clock.systemUTC(), accepted::add);
        serviceAccounts =
                Map.of("shop", counterpart.serviceAccount("shop"), "news", counterpart.serviceAccount("news"));
    }

    @AfterAll
    static void stopCounterpart() {
        counterpart.close();
    }

    @BeforeEach
    void start() throws IOException {
        accepted.clear();
        counterpart.behave();
        provider = open(Map.of("", file("shop")), LONG, 4, 100);
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    final FcmProvider open(Map<String, Path> accounts, Duration timeout, int threads, int waiting) throws IOException {
        FcmSettings settings = new FcmSettings(accounts, counterpart.endpoint(), timeout, threads, waiting);
        return new FcmProvider(settings, Notifications.DIGEST, Clock.systemUTC());
    }

    final FcmProvider reopen(Map<String, Path> accounts, Duration timeout, int threads, int waiting)
            throws IOException {
        provider.close();
        provider = open(accounts, timeout, threads, waiting);
        return provider;
    }

    final Path file(String project) throws IOException {
        return Files.writeString(folder.resolve(project + ".json"), serviceAccounts.get(project));
    }

    static URI nobody() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + closed.getLocalPort());
        }
    }

    final PushOutcome send(String token, Notification notification) throws Exception {
        return send(token, "", notification);
    }

    final PushOutcome send(String token, String topic, Notification notification) throws Exception {
        PushToken to = PushToken.newBuilder()
                .setPlatform(PushPlatform.FCM)
                .setToken(token)
                .setTopic(topic)
                .build();
        return provider.send(to, notification).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
