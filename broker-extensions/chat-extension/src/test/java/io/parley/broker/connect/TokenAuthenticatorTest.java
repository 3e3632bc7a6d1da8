package io.parley.broker.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.extension.sdk.api.async.Async;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.connect.ConnectPacket;
import com.hivemq.extension.sdk.api.packets.general.MqttVersion;
import io.parley.broker.Unhurried;
import io.parley.identity.DevKeys;
import io.parley.identity.Revocations;
import io.parley.identity.TokenAuthority;
import io.parley.identity.TokenVerifier;
import io.parley.identity.Tokens;
import io.parley.identity.Verification;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The authenticator alone, before answers that are written down. */
final class TokenAuthenticatorTest {
    private static final UserId ALICE = UserId.parse("alice");
    private static final UserId BOB = UserId.parse("bob");

    private final ScheduledExecutorService checking = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<ConnackReasonCode> refusals = new LinkedBlockingQueue<>();
    private final List<String> reasons = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> resumed = new LinkedBlockingQueue<>();

    private final AtomicInteger admitted = new AtomicInteger();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        checking.shutdownNow();
    }

    @Test
    void a_connect_beyond_the_rate_is_told_that_the_server_is_busy() throws Exception {
        TokenAuthenticator authenticator = new TokenAuthenticator(
                tokens(),
                Unhurried.connects(1),
                Unhurried.connectsOfUser(1),
                Unhurried.topics(Map.of()),
                reason -> {},
                checking);

        authenticator.onConnect(connectWithoutToken(), output());
        assertThat(resumed.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(refusals).containsExactly(ConnackReasonCode.NOT_AUTHORIZED);

        authenticator.onConnect(connectWithoutToken(), output());
        assertThat(resumed.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(refusals).containsExactly(ConnackReasonCode.NOT_AUTHORIZED, ConnackReasonCode.SERVER_BUSY);
    }

    @Test
    void a_check_that_fails_is_answered_too() throws Exception {
        SimpleAuthInput broken = answering(SimpleAuthInput.class, (proxy, method, arguments) -> {
            throw new IllegalStateException("no packet");
        });
        new TokenAuthenticator(
                        tokens(),
                        Unhurried.connects(1),
                        Unhurried.connectsOfUser(1),
                        Unhurried.topics(Map.of()),
                        reason -> {},
                        checking)
                .onConnect(broken, output());

        assertThat(resumed.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(refusals).containsExactly(ConnackReasonCode.UNSPECIFIED_ERROR);
    }

    @Test
    void a_connect_whose_time_is_over_is_not_checked_any_more() throws Exception {
        TokenAuthenticator authenticator = new TokenAuthenticator(
                tokens(),
                Unhurried.connects(2),
                Unhurried.connectsOfUser(1),
                Unhurried.topics(Map.of()),
                reason -> {},
                checking);
        SimpleAuthInput unread = answering(SimpleAuthInput.class, (proxy, method, arguments) -> {
            throw new IllegalStateException("it is read");
        });

        authenticator.onConnect(unread, output(Async.Status.CANCELED));
        authenticator.onConnect(connectWithoutToken(), output());

        assertThat(resumed.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(refusals).containsExactly(ConnackReasonCode.NOT_AUTHORIZED);
    }

    @Test
    void a_user_who_connects_too_often_is_told_so_and_another_is_let_in() throws Exception {
        TokenAuthenticator authenticator = new TokenAuthenticator(
                tokens(),
                Unhurried.connects(10),
                Unhurried.connectsOfUser(1),
                Unhurried.topics(Map.of()),
                reason -> {},
                checking);

        for (UserId user : List.of(ALICE, ALICE, BOB)) {
            authenticator.onConnect(connect(user, MqttVersion.V_5), output());
            assertThat(resumed.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(refusals).containsExactly(ConnackReasonCode.CONNECTION_RATE_EXCEEDED);
        assertThat(admitted).hasValue(2);

        authenticator.onConnect(connect(ALICE, MqttVersion.V_3_1_1), output());
        assertThat(resumed.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(refusals).endsWith(ConnackReasonCode.SERVER_BUSY).hasSize(2);
    }

    @Test
    void who_cannot_be_checked_now_is_told_to_come_again_and_the_reason_of_a_refusal_is_told() throws Exception {
        Map<String, Verification> answers =
                Map.of("lost", new Verification.Refused(Verification.Reason.DENIED, "lost"));
        TokenAuthenticator authenticator = new TokenAuthenticator(
                Tokens.with(own(), new PlayedPlugins(answers), new Tokens.Memory(Duration.ZERO, 1)),
                Unhurried.connects(10),
                Unhurried.connectsOfUser(1),
                Unhurried.topics(Map.of()),
                reason -> {},
                checking);

        authenticator.onConnect(connect(ALICE, "away", MqttVersion.V_5), output());
        assertThat(resumed.poll(10, TimeUnit.SECONDS)).isNotNull();
        authenticator.onConnect(connect(ALICE, "lost", MqttVersion.V_5), output());
        assertThat(resumed.poll(10, TimeUnit.SECONDS)).isNotNull();
        authenticator.onConnect(connect(ALICE, MqttVersion.V_5), output());
        assertThat(resumed.poll(10, TimeUnit.SECONDS)).isNotNull();

        assertThat(refusals).containsExactly(ConnackReasonCode.SERVER_UNAVAILABLE, ConnackReasonCode.NOT_AUTHORIZED);
        assertThat(reasons).endsWith("lost");
        assertThat(admitted).as("with a token of Parley's own").hasValue(1);
    }

    @Test
    void without_the_keys_a_device_is_told_to_come_again_and_not_that_its_token_is_bad() throws Exception {
        Tokens withoutKeys = Tokens.own(TokenVerifier.of(
                directory.resolve("nothing.json").toString(),
                "parley",
                "parley",
                Duration.ofDays(30),
                Revocations.NONE));
        TokenAuthenticator authenticator = new TokenAuthenticator(
                withoutKeys,
                Unhurried.connects(10),
                Unhurried.connectsOfUser(1),
                Unhurried.topics(Map.of()),
                reason -> {},
                checking);

        authenticator.onConnect(connect(ALICE, MqttVersion.V_5), output());

        assertThat(resumed.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(refusals).containsExactly(ConnackReasonCode.SERVER_UNAVAILABLE);
    }

    /** Knows some tokens, and does not answer for others. */
    private record PlayedPlugins(Map<String, Verification> answers) implements TokenAuthority {
        @Override
        public Asked asked() {
            return Asked.OTHERS;
        }

        @Override
        public CompletionStage<Verification> ask(String token) {
            Verification answer = answers.get(token);
            return answer == null
                    ? CompletableFuture.failedFuture(new IllegalStateException("away"))
                    : CompletableFuture.completedFuture(answer);
        }
    }

    /** A CONNECT with a token of that user. */
    private SimpleAuthInput connect(UserId user, MqttVersion version) throws IOException {
        return connect(
                user, DevKeys.openOrCreate(directory, "parley", "parley").sign(user, Duration.ofMinutes(5)), version);
    }

    private static SimpleAuthInput connect(UserId user, String token, MqttVersion version) {
        ConnectPacket packet = answering(ConnectPacket.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getClientId" -> user + "/phone";
            case "getUserName" -> Optional.of(user.value());
            case "getPassword" -> Optional.of(ByteBuffer.wrap(token.getBytes(StandardCharsets.UTF_8)));
            case "getMqttVersion" -> version;
            default -> empty(proxy, method, arguments);
        });
        return answering(
                SimpleAuthInput.class,
                (proxy, method, arguments) ->
                        method.getName().equals("getConnectPacket") ? packet : empty(proxy, method, arguments));
    }

    private Tokens tokens() throws IOException {
        return Tokens.own(own());
    }

    private TokenVerifier own() throws IOException {
        DevKeys keys = DevKeys.openOrCreate(directory, "parley", "parley");
        return TokenVerifier.of(keys.jwks().toString(), "parley", "parley", Duration.ofDays(30), Revocations.NONE);
    }

    private static SimpleAuthInput connectWithoutToken() {
        return answering(SimpleAuthInput.class, TokenAuthenticatorTest::empty);
    }

    private SimpleAuthOutput output() {
        return output(Async.Status.RUNNING);
    }

    private SimpleAuthOutput output(Async.Status status) {
        SimpleAuthOutput[] self = new SimpleAuthOutput[1];
        Async<?> async = answering(Async.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "resume" -> resume();
            case "getStatus" -> status;
            default -> self[0];
        });
        self[0] = answering(SimpleAuthOutput.class, (proxy, method, arguments) -> {
            if (method.getName().equals("authenticateSuccessfully")) {
                admitted.incrementAndGet();
            }
            if (method.getName().equals("failAuthentication")) {
                refusals.add((ConnackReasonCode) arguments[0]);
                if (arguments.length > 1) {
                    reasons.add(String.valueOf(arguments[1]));
                }
            }
            if (method.getReturnType() == Async.class) {
                return async;
            }
            return method.getReturnType().isInterface() ? empty(proxy, method, arguments) : null;
        });
        return self[0];
    }

    private @Nullable Object resume() {
        resumed.add("resumed");
        return null;
    }

    /** A CONNECT's parts, with nothing in them but a client id. */
    private static @Nullable Object empty(Object proxy, Method method, Object @Nullable [] arguments) {
        Class<?> type = method.getReturnType();
        if (type.isInterface()) {
            return answering(type, TokenAuthenticatorTest::empty);
        }
        Map<Class<?>, Object> values = Map.of(
                Optional.class,
                Optional.empty(),
                String.class,
                "alice/phone",
                MqttVersion.class,
                MqttVersion.V_5,
                boolean.class,
                true,
                int.class,
                65_535,
                long.class,
                0L);
        return values.get(type);
    }

    private static <T> T answering(Class<T> type, InvocationHandler answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, answers));
    }
}
