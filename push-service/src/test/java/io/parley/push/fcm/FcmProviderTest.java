package io.parley.push.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.push.content.CollapseId;
import io.parley.push.message.Notifications;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushOutcome.Accepted;
import io.parley.push.provider.PushOutcome.Later;
import io.parley.push.provider.PushOutcome.NotConfigured;
import io.parley.push.provider.PushOutcome.Refused;
import io.parley.push.provider.PushOutcome.TokenGone;
import io.parley.push.provider.PushOutcome.Trouble;
import io.parley.push.sink.Fault;
import io.parley.push.sink.FcmCounterpart;
import io.parley.push.sink.FcmError;
import io.parley.push.sink.SinkRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provider against its counterpart on this machine, through the unmodified SDK. */
@SuppressWarnings("NullAway.Init")
class FcmProviderTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Notification ALERT = Notifications.alert("Anna", "Hello");

    private static final List<SinkRecord> accepted = new CopyOnWriteArrayList<>();
    private static FcmCounterpart counterpart;
    /** Keys take long to make: each project's account is made once. */
    private static Map<String, String> serviceAccounts;

    @TempDir
    Path folder;

    private FcmProvider provider;

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

    private FcmProvider open(Map<String, Path> accounts, Duration timeout, int threads, int waiting)
            throws IOException {
        FcmSettings settings = new FcmSettings(accounts, counterpart.endpoint(), timeout, threads, waiting);
        return new FcmProvider(settings, Notifications.DIGEST, Clock.systemUTC());
    }

    private FcmProvider reopen(Map<String, Path> accounts, Duration timeout, int threads, int waiting)
            throws IOException {
        provider.close();
        provider = open(accounts, timeout, threads, waiting);
        return provider;
    }

    private Path file(String project) throws IOException {
        return Files.writeString(folder.resolve(project + ".json"), serviceAccounts.get(project));
    }

    private static URI nobody() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + closed.getLocalPort());
        }
    }

    private PushOutcome send(String token, Notification notification) throws Exception {
        return send(token, "", notification);
    }

    private PushOutcome send(String token, String topic, Notification notification) throws Exception {
        PushToken to = PushToken.newBuilder()
                .setPlatform(PushPlatform.FCM)
                .setToken(token)
                .setTopic(topic)
                .build();
        return provider.send(to, notification).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void an_alert_is_shown_at_once() throws Exception {
        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());

        SinkRecord shown = accepted.get(0);
        assertThat(shown)
                .isEqualTo(new SinkRecord(
                        shown.at(),
                        "FCM",
                        "t1",
                        "shop",
                        CollapseId.of(ALERT),
                        "high",
                        false,
                        3,
                        "Anna",
                        "Hello",
                        "c-1",
                        42,
                        false));
    }

    @Test
    void a_withdrawal_is_data_alone() throws Exception {
        Notification withdrawal = Notifications.withdrawal();

        assertThat(send("t1", withdrawal)).isEqualTo(new Accepted());

        SinkRecord silent = accepted.get(0);
        assertThat(silent)
                .isEqualTo(new SinkRecord(
                        silent.at(),
                        "FCM",
                        "t1",
                        "shop",
                        CollapseId.of(ALERT),
                        "normal",
                        true,
                        3,
                        "",
                        "",
                        "c-1",
                        42,
                        true));
    }

    @Test
    void a_digest_is_no_hurry() throws Exception {
        assertThat(send("t1", Notifications.digest(7, 2))).isEqualTo(new Accepted());

        assertThat(accepted.get(0).priority()).isEqualTo("normal");
        assertThat(accepted.get(0).title()).isEqualTo("New messages");
        assertThat(accepted.get(0).body()).isEqualTo("7 in 2");
        assertThat(accepted.get(0).conversation()).isEmpty();
    }

    @Test
    void a_long_text_is_cut_to_what_fcm_takes() throws Exception {
        assertThat(send("t1", Notifications.inGroup("Ü".repeat(2000), "Anna", "🎉".repeat(3000))))
                .isEqualTo(new Accepted());

        assertThat(accepted.get(0).body()).startsWith("Anna: 🎉").endsWith("🎉…");
    }

    @Test
    void each_topic_has_its_project() throws Exception {
        reopen(Map.of("com.example.shop", file("shop"), "com.example.news", file("news")), LONG, 4, 100);

        assertThat(send("t1", "com.example.news", ALERT)).isEqualTo(new Accepted());
        assertThat(send("t2", "com.example.shop", ALERT)).isEqualTo(new Accepted());
        assertThat(send("t3", "com.example.other", ALERT)).isEqualTo(new NotConfigured("NoServiceAccount"));
        assertThat(accepted).extracting(SinkRecord::topic).containsExactly("news", "shop");
    }

    @Test
    void an_account_without_a_topic_serves_all_other_tokens() throws Exception {
        reopen(Map.of("", file("shop"), "com.example.news", file("news")), LONG, 4, 100);

        assertThat(send("t1", "com.example.unknown", ALERT)).isEqualTo(new Accepted());
        assertThat(accepted).extracting(SinkRecord::topic).containsExactly("shop");
    }

    @Test
    void an_error_is_answered_after_one_request() throws Exception {
        counterpart.misbehave("gone", FcmError.UNREGISTERED.answer());
        counterpart.misbehave("busy", FcmError.UNAVAILABLE.answer(Map.of("Retry-After", "55")));
        counterpart.misbehave("other", FcmError.THIRD_PARTY_AUTH_ERROR.answer());

        assertThat(send("gone", ALERT)).isEqualTo(new TokenGone(0, "UNREGISTERED"));
        // The SDK by itself would wait for 55 seconds, and longer than this test.
        assertThat(send("busy", ALERT)).isEqualTo(new Later(Duration.ofSeconds(55), "UNAVAILABLE", Trouble.PROVIDER));
        assertThat(send("other", ALERT)).isEqualTo(new Refused("THIRD_PARTY_AUTH_ERROR"));
        assertThat(send("good", ALERT)).isEqualTo(new Accepted());
        assertThat(accepted).hasSize(1);
    }

    @Test
    void a_slow_answer_is_given_up() throws Exception {
        reopen(Map.of("", file("shop")), Duration.ofMillis(300), 4, 100);
        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
        counterpart.misbehave("slow", new Fault.Slow(Duration.ofSeconds(3)));

        assertThat(send("slow", ALERT)).isEqualTo(new Later(Duration.ZERO, "Timeout", Trouble.PROVIDER));
    }

    @Test
    void a_dropped_connection_passes() throws Exception {
        counterpart.misbehave("dropped", new Fault.Drop());

        assertThat(send("dropped", ALERT)).isEqualTo(new Later(Duration.ZERO, "ConnectionLost", Trouble.PROVIDER));
        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
    }

    @Test
    void a_service_that_is_away_is_the_providers_trouble() throws Exception {
        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
        FcmSettings elsewhere = new FcmSettings(Map.of("", file("shop")), nobody(), LONG, 1, 1);
        provider.close();
        provider = new FcmProvider(elsewhere, Notifications.DIGEST, Clock.systemUTC());

        assertThat(send("t1", ALERT)).isEqualTo(new Later(Duration.ZERO, "Unreachable", Trouble.PROVIDER));
    }

    @Test
    void what_no_thread_can_take_waits() throws Exception {
        reopen(Map.of("", file("shop")), LONG, 1, 1);
        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
        counterpart.misbehave("slow", new Fault.Slow(Duration.ofSeconds(1)));
        PushToken slow = PushToken.newBuilder().setToken("slow").build();
        provider.send(slow, ALERT);
        provider.send(slow, ALERT);

        assertThat(send("t2", ALERT)).isEqualTo(new Later(Duration.ZERO, "Busy", Trouble.PROVIDER));
    }

    @Test
    void access_that_was_revoked_is_asked_for_again() throws Exception {
        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
        counterpart.revokeAccess();

        assertThat(send("t1", ALERT)).isEqualTo(new Later(Duration.ZERO, "UNAUTHENTICATED", Trouble.PROVIDER));
        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
    }

    @Test
    void an_account_that_google_does_not_know_is_the_providers_trouble() throws Exception {
        Files.writeString(folder.resolve("gone.json"), counterpart.serviceAccount("gone"));
        counterpart.serviceAccount("gone");
        reopen(Map.of("", folder.resolve("gone.json")), LONG, 1, 1);

        assertThat(send("t1", ALERT)).isEqualTo(new Later(Duration.ZERO, "Credentials", Trouble.PROVIDER));
    }

    @Test
    void a_new_service_account_is_read_while_running() throws Exception {
        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
        Files.writeString(folder.resolve("shop.json"), serviceAccounts.get("news"));
        Files.setLastModifiedTime(folder.resolve("shop.json"), FileTime.fromMillis(0));
        provider.reload();

        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
        assertThat(accepted).extracting(SinkRecord::topic).containsExactly("shop", "news");
    }

    @Test
    void a_bad_file_leaves_the_account_before_in_use() throws Exception {
        Files.writeString(folder.resolve("shop.json"), "{}");
        provider.reload();

        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
    }

    @Test
    void a_token_endpoint_in_trouble_is_asked_once() throws Exception {
        counterpart.misbehave(FcmCounterpart.TOKEN_ENDPOINT, new Fault.Answer(503, "", Map.of()));
        assertThat(send("t1", ALERT)).isEqualTo(new Later(Duration.ZERO, "Credentials", Trouble.PROVIDER));
        counterpart.behave();

        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
    }

    @Test
    void a_file_that_is_not_an_account_is_told_without_what_is_in_it() throws Exception {
        Path file = Files.writeString(
                folder.resolve("bad.json"), "{\"type\":\"service_account\",\"private_key\":\"secret\"}");

        assertThatThrownBy(() -> open(Map.of("", file), LONG, 1, 1))
                .hasMessageContaining("bad.json: not the JSON file of a service account")
                .hasMessageNotContaining("secret");
    }
}
