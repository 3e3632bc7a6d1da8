package io.parley.standalone;

import io.parley.push.sink.FcmCounterpart;
import io.parley.push.sink.SinkRecord;
import io.parley.push.sink.VapidKey;
import io.parley.push.sink.WebPushCounterpart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The push service beside a platform, as a process of its own, with counterparts of all three providers in this one. */
final class PushProcess implements AutoCloseable {
    /** Deliveries of each platform that the process holds. */
    static final int WAITING = 100;

    private static final Duration READY_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(25);

    final PlayedApple apple;
    final FcmCounterpart google;
    final WebPushCounterpart browsers;
    private final SupervisedRole role;

    private PushProcess(Platform platform, Consumer<SinkRecord> accepted) throws Exception {
        Path data = Files.createDirectories(platform.data().resolve("push"));
        apple = PlayedApple.start(data, accepted);
        google = new FcmCounterpart(0, Clock.systemUTC(), accepted);
        browsers = new WebPushCounterpart(0, Clock.systemUTC(), accepted);
        role = new SupervisedRole(
                role(platform, environment(platform, data)),
                new Launcher(Installation.find()),
                new RunDirectory(data),
                new RollingLog(data.resolve("push.log")),
                Progress.silent());
    }

    /** @param accepted is told what a counterpart accepts; from several threads */
    static PushProcess start(Platform platform, Consumer<SinkRecord> accepted) throws Exception {
        PushProcess process = new PushProcess(platform, accepted);
        process.role.start();
        process.awaitReady();
        return process;
    }

    private static Role role(Platform platform, Map<String, String> environment) {
        return Roles.table(platform.addresses(), environment, Set.of(RoleName.PUSH)).stream()
                .filter(each -> each.name() == RoleName.PUSH)
                .findFirst()
                .orElseThrow();
    }

    private Map<String, String> environment(Platform platform, Path data) throws IOException {
        Path key = Files.writeString(data.resolve("vapid.pem"), VapidKey.newFile());
        Path account = Files.writeString(data.resolve("fcm.json"), google.serviceAccount("burst"));
        Map<String, String> environment = new TreeMap<>(platform.environment());
        environment.put("PARLEY_DATA", data.toString());
        environment.put("PARLEY_PUSH_WAITING", String.valueOf(WAITING));
        environment.put("PARLEY_PUSH_RETRY_FIRST", "200ms");
        environment.put("PARLEY_PUSH_DEADLINE", "3s");
        environment.put("PARLEY_PUSH_BREAKER_FIRST_WAIT", "200ms");
        environment.put("PARLEY_PUSH_BREAKER_LONGEST_WAIT", "1s");
        environment.put("PARLEY_PUSH_APNS_TOPICS", "chat.example");
        environment.put("PARLEY_PUSH_APNS_DEFAULT_TOPIC", "chat.example");
        // The same form of key serves to sign for Apple.
        environment.put("PARLEY_PUSH_APNS_KEY_FILE", key.toString());
        environment.put("PARLEY_PUSH_APNS_KEY_ID", "KEY1234567");
        environment.put("PARLEY_PUSH_APNS_TEAM_ID", "TEAM123456");
        environment.put("PARLEY_PUSH_APNS_PRODUCTION_HOST", "localhost");
        environment.put("PARLEY_PUSH_APNS_PRODUCTION_PORT", String.valueOf(apple.port()));
        environment.put(
                "PARLEY_PUSH_APNS_PRODUCTION_TRUSTED_CERTIFICATES",
                apple.certificate().toString());
        environment.put("PARLEY_PUSH_FCM_SERVICE_ACCOUNTS", account.toString());
        environment.put("PARLEY_PUSH_FCM_ENDPOINT", google.endpoint().toString());
        environment.put("PARLEY_PUSH_WEB_PUSH_VAPID_KEY", key.toString());
        environment.put("PARLEY_PUSH_WEB_PUSH_SUBJECT", "mailto:burst@example.org");
        environment.put("PARLEY_PUSH_WEB_PUSH_LOCAL_ENDPOINTS", "true");
        environment.put("PARLEY_PUSH_WEB_PUSH_HOSTS", Addresses.HOST);
        return environment;
    }

    /** SIGKILL; the supervisor starts it again. */
    void kill() {
        role.kill();
    }

    void awaitReady() throws PlatformException {
        role.awaitReady(READY_LIMIT);
    }

    @Override
    public void close() {
        role.stop(STOP_PATIENCE);
        apple.close();
        google.close();
        browsers.close();
    }
}
