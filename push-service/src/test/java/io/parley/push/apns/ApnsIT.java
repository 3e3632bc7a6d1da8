package io.parley.push.apns;

import static org.assertj.core.api.Assertions.assertThat;

import com.eatthepath.pushy.apns.auth.ApnsVerificationKey;
import com.eatthepath.pushy.apns.server.RejectedNotificationException;
import com.eatthepath.pushy.apns.server.RejectionReason;
import com.eatthepath.pushy.apns.server.UnregisteredDeviceTokenException;
import com.eatthepath.pushy.apns.server.ValidatingPushNotificationHandlerFactory;
import io.parley.protocol.push.Digest;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushToken;
import io.parley.protocol.push.Withdrawal;
import io.parley.push.content.CollapseId;
import io.parley.push.message.Notifications;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushOutcome.Accepted;
import io.parley.push.provider.PushOutcome.Later;
import io.parley.push.provider.PushOutcome.NotConfigured;
import io.parley.push.provider.PushOutcome.Refused;
import io.parley.push.provider.PushOutcome.TokenGone;
import io.parley.push.provider.PushOutcome.Trouble;
import io.parley.push.provider.PushProvider;
import io.parley.push.secrets.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One attempt at a time, over HTTP/2 and TLS. */
final class ApnsIT {
    private static final String TOKEN = "ab".repeat(32);

    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static TestCertificate serverCertificate;

    @SuppressWarnings("NullAway.Init")
    private static Path keyFile;

    @BeforeAll
    static void makeKeys() throws Exception {
        serverCertificate = TestCertificate.make(folder, "server", "CN=localhost");
        keyFile = ApnsSetup.write(folder.resolve("first.p8"), ApnsSetup.newKey());
    }

    @Test
    void each_kind_has_its_headers_and_its_payload() throws Exception {
        Notification alert = ApnsSetup.alert("ann~ben", 7).toBuilder()
                .setExpiresAtMillis(2_000_000_000_500L)
                .build();
        Notification withdrawal = ApnsSetup.alert("ann~ben", 8).toBuilder()
                .setWithdrawal(Withdrawal.getDefaultInstance())
                .build();
        Notification digest = Notification.newBuilder()
                .setBadge(9)
                .setDigest(Digest.newBuilder().setMessages(5).setConversations(2))
                .build();
        try (StandInApple apple = StandInApple.start(serverCertificate, request -> {});
                PushProvider provider = provider(apple)) {
            assertThat(sent(provider, TOKEN, alert)).isEqualTo(new Accepted());
            assertThat(sent(provider, TOKEN, withdrawal)).isEqualTo(new Accepted());
            assertThat(sent(provider, TOKEN, digest)).isEqualTo(new Accepted());
            assertThat(sent(provider, TOKEN, Notifications.badge(2))).isEqualTo(new Accepted());

            StandInApple.Received first = apple.received().get(0);
            assertThat(first.token()).isEqualTo(TOKEN);
            assertThat(first.header("apns-topic")).isEqualTo(ApnsSetup.TOPIC);
            assertThat(first.header("apns-collapse-id")).isEqualTo(CollapseId.of(alert));
            assertThat(first.header("apns-priority")).isEqualTo("10");
            assertThat(first.header("apns-push-type")).isEqualTo("alert");
            assertThat(first.header("apns-expiration")).isNotEqualTo("0");
            assertThat(first.payload()).contains("\"body\":\"hi\"", "\"conversation\":\"ann~ben\"", "\"seq\":7");

            StandInApple.Received second = apple.received().get(1);
            assertThat(second.header("apns-priority")).isEqualTo("5");
            assertThat(second.header("apns-push-type")).isEqualTo("background");
            assertThat(second.header("apns-collapse-id")).isEqualTo(CollapseId.of(alert));
            assertThat(second.payload()).contains("\"content-available\":1", "\"withdraw\":true", "\"badge\":4");

            StandInApple.Received third = apple.received().get(2);
            assertThat(third.header("apns-priority")).isEqualTo("5");
            assertThat(third.header("apns-push-type")).isEqualTo("alert");
            assertThat(third.payload()).contains("\"body\":\"5 in 2 conversations\"", "\"badge\":9");

            StandInApple.Received fourth = apple.received().get(3);
            assertThat(fourth.header("apns-priority")).isEqualTo("5");
            assertThat(fourth.header("apns-push-type")).isEqualTo("alert");
            assertThat(fourth.header("apns-collapse-id"))
                    .isNotEqualTo(CollapseId.of(alert))
                    .isNotEqualTo(CollapseId.of(digest));
        }
    }

    @Test
    void each_of_apples_reasons_has_its_outcome() throws Exception {
        List<RejectionReason> reasons = List.of(RejectionReason.values());
        try (StandInApple apple = StandInApple.start(serverCertificate, request -> {
                    throw new RejectedNotificationException(reasons.get(Integer.parseInt(request.token(), 16)));
                });
                PushProvider provider = provider(apple)) {
            for (RejectionReason reason : reasons) {
                PushOutcome outcome =
                        sent(provider, Integer.toHexString(reasons.indexOf(reason)), ApnsSetup.alert("ann~ben", 1));

                switch (reason) {
                    case UNREGISTERED, BAD_DEVICE_TOKEN -> assertThat(outcome).isInstanceOf(TokenGone.class);
                    case TOO_MANY_REQUESTS ->
                        assertThat(outcome).isEqualTo(new Later(Duration.ZERO, "TooManyRequests", Trouble.TOKEN));
                    case TOO_MANY_PROVIDER_TOKEN_UPDATES ->
                        assertThat(outcome)
                                .isEqualTo(new Later(
                                        Duration.ofMinutes(1), "TooManyProviderTokenUpdates", Trouble.PROVIDER));
                    case BAD_CERTIFICATE,
                            BAD_CERTIFICATE_ENVIRONMENT,
                            EXPIRED_PROVIDER_TOKEN,
                            FORBIDDEN,
                            INVALID_PROVIDER_TOKEN,
                            MISSING_PROVIDER_TOKEN,
                            IDLE_TIMEOUT,
                            INTERNAL_SERVER_ERROR,
                            SERVICE_UNAVAILABLE,
                            SHUTDOWN ->
                        assertThat(outcome)
                                .as(reason.name())
                                .isInstanceOfSatisfying(
                                        Later.class,
                                        later -> assertThat(later.trouble()).isEqualTo(Trouble.PROVIDER));
                    default -> assertThat(outcome).as(reason.name()).isInstanceOf(Refused.class);
                }
            }
        }
    }

    @Test
    void a_token_is_gone_since_apple_says() throws Exception {
        Instant since = Instant.ofEpochMilli(1_700_000_000_123L);
        try (StandInApple apple = StandInApple.start(serverCertificate, request -> {
                    throw new UnregisteredDeviceTokenException(since);
                });
                PushProvider provider = provider(apple)) {

            assertThat(sent(provider, TOKEN, ApnsSetup.alert("ann~ben", 1)))
                    .isEqualTo(new TokenGone(since.toEpochMilli(), "Unregistered"));
        }
    }

    @Test
    void what_is_no_token_never_goes_into_a_path() throws Exception {
        try (StandInApple apple = StandInApple.start(serverCertificate, request -> {});
                PushProvider provider = provider(apple)) {
            assertThat(sent(provider, "../" + TOKEN, ApnsSetup.alert("ann~ben", 1)))
                    .isEqualTo(new TokenGone(0, "NoToken"));
            sent(provider, TOKEN, ApnsSetup.alert("ann~ben", 2));

            assertThat(apple.tokens()).containsExactly(TOKEN);
        }
    }

    @Test
    void a_sandbox_token_goes_to_the_sandbox_and_an_unknown_topic_nowhere() throws Exception {
        try (StandInApple production = StandInApple.start(serverCertificate, request -> {});
                StandInApple sandbox = StandInApple.start(serverCertificate, request -> {});
                PushProvider provider = ApnsSetup.provider(
                        serverCertificate, production.port(), sandbox.port(), ApnsSetup.keyed(keyFile))) {
            PushToken unknown =
                    ApnsSetup.token(TOKEN).toBuilder().setTopic("other.example").build();
            assertThat(outcome(provider, unknown, ApnsSetup.alert("ann~ben", 1)))
                    .isInstanceOf(NotConfigured.class);
            outcome(provider, ApnsSetup.sandboxToken("0a"), ApnsSetup.alert("ann~ben", 2));
            outcome(provider, ApnsSetup.token("0b"), ApnsSetup.alert("ann~ben", 3));

            assertThat(sandbox.tokens()).containsExactly("0a");
            assertThat(production.tokens()).containsExactly("0b");
            assertThat(provider.circuit(ApnsSetup.sandboxToken("0a"))).isEqualTo("main/sandbox");
            assertThat(provider.circuit(ApnsSetup.token("0b"))).isEqualTo("main/production");
            assertThat(provider.circuit(unknown)).isEqualTo("none");
        }
    }

    @Test
    void a_replaced_key_file_signs_without_a_restart_and_a_broken_one_changes_nothing() throws Exception {
        KeyPair old = ApnsSetup.newKey();
        KeyPair fresh = ApnsSetup.newKey();
        Path file = ApnsSetup.write(folder.resolve("replaced.p8"), old);
        try (StandInApple apple = StandInApple.checking(serverCertificate, believing(fresh, ApnsSetup.TOPIC));
                PushProvider provider =
                        ApnsSetup.provider(serverCertificate, apple.port(), apple.port(), ApnsSetup.keyed(file))) {
            assertThat(sent(provider, TOKEN, ApnsSetup.alert("ann~ben", 1)))
                    .isEqualTo(new Later(Duration.ZERO, "InvalidProviderToken", Trouble.PROVIDER));

            Files.writeString(file, "no key at all");
            provider.reload();
            assertThat(sent(provider, TOKEN, ApnsSetup.alert("ann~ben", 1)))
                    .isEqualTo(new Later(Duration.ZERO, "InvalidProviderToken", Trouble.PROVIDER));

            ApnsSetup.write(file, fresh);
            provider.reload();
            assertThat(sent(provider, TOKEN, ApnsSetup.alert("ann~ben", 2))).isEqualTo(new Accepted());
        }
    }

    @Test
    void a_certificate_proves_an_app_of_its_own_beside_one_with_a_key() throws Exception {
        TestCertificate client = TestCertificate.make(folder, "client", "UID=second.example,CN=second");
        KeyPair key = ApnsSetup.newKey();
        Map<String, Object> apps = new HashMap<>(ApnsSetup.keyed(ApnsSetup.write(folder.resolve("beside.p8"), key)));
        apps.put("apns.apps.second.topics", "second.example");
        apps.put("apns.apps.second.certificate-file", client.keyStore().toString());
        apps.put(
                "apns.apps.second.certificate-password-file",
                client.passwordFile().toString());
        apps.put("apns.default-topic", ApnsSetup.TOPIC);
        PushToken second =
                ApnsSetup.token(TOKEN).toBuilder().setTopic("second.example").build();
        try (StandInApple apple = StandInApple.checking(
                        serverCertificate, client, believing(key, ApnsSetup.TOPIC, "second.example"));
                PushProvider provider = ApnsSetup.provider(serverCertificate, apple.port(), apple.port(), apps)) {
            assertThat(outcome(provider, second, ApnsSetup.alert("ann~ben", 1))).isEqualTo(new Accepted());
            assertThat(sent(provider, TOKEN, ApnsSetup.alert("ann~ben", 2))).isEqualTo(new Accepted());

            assertThat(apple.received().get(0).header("authorization")).isEmpty();
            assertThat(apple.received().get(1).header("authorization")).startsWith("bearer ");
        }
    }

    /** The mock server's own checks, with the one key that it believes. */
    private static ValidatingPushNotificationHandlerFactory believing(KeyPair key, String... topics) throws Exception {
        ApnsVerificationKey believed =
                new ApnsVerificationKey("KEY1234567", "TEAM123456", (ECPublicKey) key.getPublic());
        Map<String, Set<String>> tokens = new HashMap<>();
        for (String topic : topics) {
            tokens.put(topic, Set.of(TOKEN));
        }
        return new ValidatingPushNotificationHandlerFactory(
                tokens, Map.of(), Map.of("KEY1234567", believed), Map.of(believed, Set.of(ApnsSetup.TOPIC)));
    }

    private static PushProvider provider(StandInApple apple) {
        return ApnsSetup.provider(serverCertificate, apple.port(), apple.port(), ApnsSetup.keyed(keyFile));
    }

    private static PushOutcome sent(PushProvider provider, String token, Notification notification) throws Exception {
        return outcome(provider, ApnsSetup.token(token), notification);
    }

    private static PushOutcome outcome(PushProvider provider, PushToken token, Notification notification)
            throws Exception {
        return provider.send(token, notification).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
