package io.parley.broker.connect;

import com.hivemq.extension.sdk.api.async.Async;
import com.hivemq.extension.sdk.api.async.TimeoutFallback;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.connect.ConnectPacket;
import com.hivemq.extension.sdk.api.packets.general.MqttVersion;
import com.hivemq.extension.sdk.api.packets.publish.PublishPacket;
import io.parley.broker.connect.Credentials.Accepted;
import io.parley.broker.connect.Credentials.AcceptedOpen;
import io.parley.broker.connect.Credentials.Claim;
import io.parley.broker.connect.Credentials.Outcome;
import io.parley.broker.connect.Credentials.Refused;
import io.parley.broker.topics.TopicGuard;
import io.parley.broker.topics.TopicLoad;
import io.parley.broker.topics.TopicRefusal;
import io.parley.broker.topics.TopicRules;
import io.parley.gateway.delivering.SessionTerms;
import io.parley.gateway.throttling.ConnectRate;
import io.parley.gateway.throttling.UserConnects;
import io.parley.identity.Tokens;
import io.parley.protocol.DeviceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets devices in by their token: CONNACK 0x87 (3.1.1: 5) for a bad token, 0x88 (3) while nobody can say whether it is good, 0x85 (2) for a client id that is not the token's, 0x89 (3)
 * when the node has more CONNECTs than it takes, 0x9F (3) when the user has. Checks on a thread of its own, since a key server may be slow. HiveMQ itself
 * does something only for a client that may use topics beside the chat, and no more than its handler in the channel passes on.
 */
public final class TokenAuthenticator implements SimpleAuthenticator {
    private static final Logger LOG = LoggerFactory.getLogger(TokenAuthenticator.class);
    /** As long as client libraries wait for their CONNACK: after an outage all devices come at once, and each is to have its turn. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Credentials credentials;
    private final TopicLoad topics;
    private final Consumer<String> refused;
    private final ConnectRate rate;
    private final UserConnects users;
    private final ScheduledExecutorService checking;

    /**
     * @param rate of the whole node
     * @param users the rate of each user, once the token says who it is
     * @param topics what there is beside the chat
     * @param refused told the reason's name of each CONNECT that is refused
     * @param checking runs the checks; each may take as long as a key server takes
     */
    public TokenAuthenticator(
            Tokens tokens,
            ConnectRate rate,
            UserConnects users,
            TopicLoad topics,
            Consumer<String> refused,
            ScheduledExecutorService checking) {
        this.credentials = new Credentials(tokens, topics.settings());
        this.topics = topics;
        this.refused = refused;
        this.rate = rate;
        this.users = users;
        this.checking = checking;
    }

    @Override
    public void onConnect(SimpleAuthInput input, SimpleAuthOutput output) {
        var async = output.async(TIMEOUT, TimeoutFallback.FAILURE, ConnackReasonCode.SERVER_UNAVAILABLE);
        var unused = rate.admit(checking)
                // After the timeout the client has its refusal. A check for nobody would hold up the others.
                .thenComposeAsync(
                        admitted -> isWaiting(async)
                                ? decide(input, async.getOutput(), admitted)
                                : CompletableFuture.completedFuture(null),
                        checking)
                .whenComplete((done, failure) -> {
                    if (isWaiting(async)) {
                        failed(async.getOutput(), failure);
                        async.resume();
                    }
                });
    }

    private static boolean isWaiting(Async<?> async) {
        return async.getStatus() == Async.Status.RUNNING;
    }

    private CompletableFuture<Void> decide(SimpleAuthInput input, SimpleAuthOutput output, boolean admitted) {
        if (admitted) {
            return decide(input, output);
        }
        refuse(
                input.getConnectPacket(),
                output,
                ConnackReasonCode.SERVER_BUSY,
                "too many devices connect at once, connect again in some seconds");
        return CompletableFuture.completedFuture(null);
    }

    private static void failed(SimpleAuthOutput output, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.warn("a connection could not be checked", failure);
            output.failAuthentication(ConnackReasonCode.UNSPECIFIED_ERROR);
        }
    }

    private CompletableFuture<Void> decide(SimpleAuthInput input, SimpleAuthOutput output) {
        return credentials
                .check(claim(input.getConnectPacket()))
                .toCompletableFuture()
                .thenComposeAsync(outcome -> settle(outcome, input, output), checking);
    }

    private CompletableFuture<Void> settle(Outcome outcome, SimpleAuthInput input, SimpleAuthOutput output) {
        ConnectPacket connect = input.getConnectPacket();
        if (outcome instanceof Accepted accepted) {
            return users.admit(accepted.user(), checking).thenAccept(admitted -> {
                if (admitted) {
                    accept(accepted, input, output);
                } else {
                    refuse(
                            connect,
                            output,
                            tooOften(connect),
                            "the user's devices connect too often, connect again in some seconds");
                }
            });
        }
        if (outcome instanceof AcceptedOpen) {
            acceptOpen(input, output);
        }
        if (outcome instanceof Refused no) {
            refuse(connect, output, code(no), no.reason());
        }
        return CompletableFuture.completedFuture(null);
    }

    /** HiveMQ would tell a 3.1.1 client that it is not authorized, and it might never come again. */
    private static ConnackReasonCode tooOften(ConnectPacket connect) {
        return connect.getMqttVersion() == MqttVersion.V_5
                ? ConnackReasonCode.CONNECTION_RATE_EXCEEDED
                : ConnackReasonCode.SERVER_BUSY;
    }

    private void accept(Accepted accepted, SimpleAuthInput input, SimpleAuthOutput output) {
        TopicRules rules = accepted.rules();
        ConnectOptions options = accepted.options();
        if (!rules.isEmpty()) {
            output.getClientSettings().setClientReceiveMaximum(options.receiveMaximumBeside());
            options = options.shared();
        }
        input.getConnectionInformation()
                .getConnectionAttributeStore()
                .putAsString(ConnectOptions.ATTRIBUTE, options.text());
        accept(rules, input, output);
    }

    private void acceptOpen(SimpleAuthInput input, SimpleAuthOutput output) {
        if (topics.isSessionsFull()) {
            refuse(
                    input.getConnectPacket(),
                    output,
                    ConnackReasonCode.QUOTA_EXCEEDED,
                    "too many clients without a token have sessions, connect again later");
        } else {
            accept(topics.settings().openRules(), input, output);
        }
    }

    private void accept(TopicRules rules, SimpleAuthInput input, SimpleAuthOutput output) {
        String fault = input.getConnectPacket()
                .getWillPublish()
                .map(will -> fault(will, rules))
                .orElse(null);
        if (fault != null) {
            refuse(input.getConnectPacket(), output, ConnackReasonCode.NOT_AUTHORIZED, fault);
            return;
        }
        input.getConnectionInformation().getConnectionAttributeStore().putAsString(TopicRules.ATTRIBUTE, rules.text());
        output.getDefaultPermissions()
                .setDefaultBehaviour(
                        rules.isEmpty() ? DefaultAuthorizationBehaviour.DENY : DefaultAuthorizationBehaviour.ALLOW);
        output.authenticateSuccessfully();
    }

    private @Nullable String fault(PublishPacket will, TopicRules rules) {
        int bytes = will.getPayload().map(ByteBuffer::remaining).orElse(0);
        TopicRefusal refusal = new TopicGuard(topics, rules).publish(will.getTopic(), will.getRetain(), bytes);
        return refusal == null ? null : "the will: " + refusal.reason();
    }

    private void refuse(ConnectPacket connect, SimpleAuthOutput output, ConnackReasonCode code, String reason) {
        LOG.debug("refused device={} code={}: {}", printable(connect.getClientId()), code, reason);
        refused.accept(code.name());
        output.failAuthentication(code, reason);
    }

    private static String printable(String clientId) {
        try {
            return DeviceId.parse(clientId).toString();
        } catch (IllegalArgumentException e) {
            return "(malformed)";
        }
    }

    private static ConnackReasonCode code(Refused refused) {
        return switch (refused.fault()) {
            case TOKEN -> ConnackReasonCode.NOT_AUTHORIZED;
            case UNDECIDED -> ConnackReasonCode.SERVER_UNAVAILABLE;
            case CLIENT_ID -> ConnackReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
            case OPTION -> ConnackReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
        };
    }

    private static Claim claim(ConnectPacket connect) {
        return new Claim(
                connect.getClientId(),
                connect.getUserName().orElse(""),
                connect.getPassword().map(TokenAuthenticator::text).orElse(""),
                connect.getUserProperties().getFirst("encoding").orElse(null),
                connect.getCleanStart(),
                connect.getReceiveMaximum(),
                sessionExpirySeconds(connect),
                connect.getTopicAliasMaximum(),
                connect.getMaximumPacketSize());
    }

    /** HiveMQ gives a 3.1.1 client without clean session the longest expiry that there is. */
    private static long sessionExpirySeconds(ConnectPacket connect) {
        if (connect.getMqttVersion() == MqttVersion.V_5) {
            return connect.getSessionExpiryInterval();
        }
        return connect.getCleanStart() ? 0 : SessionTerms.MAX_EXPIRY_SECONDS;
    }

    private static String text(ByteBuffer password) {
        return StandardCharsets.UTF_8.decode(password.duplicate()).toString();
    }
}
