package io.parley.broker.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.extension.sdk.api.async.Async;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.general.MqttVersion;
import io.parley.broker.Unhurried;
import io.parley.identity.DevKeys;
import io.parley.identity.TokenVerifier;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The authenticator alone, before answers that are written down. */
final class TokenAuthenticatorTest {
    private final ScheduledExecutorService checking = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<ConnackReasonCode> refusals = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> resumed = new LinkedBlockingQueue<>();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        checking.shutdownNow();
    }

    @Test
    void a_connect_beyond_the_rate_is_told_that_the_server_is_busy() throws Exception {
        TokenAuthenticator authenticator = new TokenAuthenticator(tokens(), Unhurried.connects(1), checking);

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
        new TokenAuthenticator(tokens(), Unhurried.connects(1), checking).onConnect(broken, output());

        assertThat(resumed.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(refusals).containsExactly(ConnackReasonCode.UNSPECIFIED_ERROR);
    }

    @Test
    void a_connect_whose_time_is_over_is_not_checked_any_more() throws Exception {
        TokenAuthenticator authenticator = new TokenAuthenticator(tokens(), Unhurried.connects(2), checking);
        SimpleAuthInput unread = answering(SimpleAuthInput.class, (proxy, method, arguments) -> {
            throw new IllegalStateException("it is read");
        });

        authenticator.onConnect(unread, output(Async.Status.CANCELED));
        authenticator.onConnect(connectWithoutToken(), output());

        assertThat(resumed.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(refusals).containsExactly(ConnackReasonCode.NOT_AUTHORIZED);
    }

    private TokenVerifier tokens() throws IOException {
        DevKeys keys = DevKeys.openOrCreate(directory, "parley", "parley");
        return TokenVerifier.of(keys.jwks().toString(), "parley", "parley");
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
            if (method.getName().equals("failAuthentication")) {
                refusals.add((ConnackReasonCode) arguments[0]);
            }
            return method.getReturnType() == Async.class ? async : null;
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
