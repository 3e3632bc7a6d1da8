package io.parley.push.sink;

import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushType;
import com.eatthepath.pushy.apns.auth.AuthenticationToken;
import com.eatthepath.pushy.apns.server.PushNotificationHandler;
import com.eatthepath.pushy.apns.server.RejectedNotificationException;
import com.eatthepath.pushy.apns.server.RejectionReason;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Apple's counterpart: what Apple wants of a request by
 * <a href="https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns">its documentation</a>. Every token in hexadecimal is a
 * device, with every app. On the connection's thread only.
 */
final class ApnsSession implements PushNotificationHandler {
    private static final Pattern PATH = Pattern.compile("/3/device/([0-9a-fA-F]+)");
    private static final String BEARER = "bearer ";
    private static final Duration LONGEST_TOKEN_LIFE = Duration.ofHours(1);
    private static final int MOST_BYTES = 4096;
    private static final int LONGEST_COLLAPSE_ID = 64;
    /** The least that Apple takes of a silent one is also the most. */
    private static final int SILENT_PRIORITY = DeliveryPriority.CONSERVE_POWER.getCode();

    private final ApnsIdentity identity;
    private final Clock clock;
    private final Consumer<SinkRecord> accepted;
    /** The provider's token that was verified last: one is used for an hour. */
    private String believed = "";

    private Instant believedUntil = Instant.MIN;

    ApnsSession(ApnsIdentity identity, Clock clock, Consumer<SinkRecord> accepted) {
        this.identity = identity;
        this.clock = clock;
        this.accepted = accepted;
    }

    @Override
    public void handlePushNotification(Http2Headers headers, @Nullable ByteBuf payload)
            throws RejectedNotificationException {
        Matcher path = PATH.matcher(header(headers, ":path"));
        require(header(headers, ":method").equals("POST"), RejectionReason.METHOD_NOT_ALLOWED);
        require(path.matches(), RejectionReason.BAD_DEVICE_TOKEN);
        checkProvider(header(headers, "authorization"));
        require(!header(headers, "apns-topic").isEmpty(), RejectionReason.MISSING_TOPIC);
        require(
                header(headers, "apns-collapse-id").getBytes(StandardCharsets.UTF_8).length <= LONGEST_COLLAPSE_ID,
                RejectionReason.BAD_COLLAPSE_ID);
        checkTypeAndPriority(header(headers, "apns-push-type"), header(headers, "apns-priority"));
        accept(path.group(1), headers, payload == null ? "" : payload.toString(StandardCharsets.UTF_8));
    }

    private void checkTypeAndPriority(String type, String priority) throws RejectedNotificationException {
        try {
            PushType pushType = PushType.getFromHeaderValue(type);
            int code = DeliveryPriority.getFromCode(Integer.parseInt(priority)).getCode();
            require(pushType != PushType.BACKGROUND || code == SILENT_PRIORITY, RejectionReason.BAD_PRIORITY);
        } catch (NumberFormatException e) {
            throw new RejectedNotificationException(RejectionReason.BAD_PRIORITY);
        } catch (IllegalArgumentException e) {
            throw new RejectedNotificationException(RejectionReason.INVALID_PUSH_TYPE);
        }
    }

    private void checkProvider(String authorization) throws RejectedNotificationException {
        require(authorization.startsWith(BEARER), RejectionReason.MISSING_PROVIDER_TOKEN);
        String token = authorization.substring(BEARER.length());
        if (!token.equals(believed)) {
            Instant issued = issued(token);
            believed = token;
            believedUntil = issued.plus(LONGEST_TOKEN_LIFE);
        }
        require(clock.instant().isBefore(believedUntil), RejectionReason.EXPIRED_PROVIDER_TOKEN);
    }

    /** When a token was signed, if the key did it that is believed. */
    private Instant issued(String authorization) throws RejectedNotificationException {
        try {
            AuthenticationToken token = new AuthenticationToken(authorization);
            require(
                    token.getKeyId().equals(identity.signer().getKeyId()) && token.verifySignature(identity.signer()),
                    RejectionReason.INVALID_PROVIDER_TOKEN);
            return token.getIssuedAt();
        } catch (IllegalArgumentException e) {
            throw new RejectedNotificationException(RejectionReason.INVALID_PROVIDER_TOKEN);
        }
    }

    private void accept(String token, Http2Headers headers, String payload) throws RejectedNotificationException {
        require(!payload.isEmpty(), RejectionReason.PAYLOAD_EMPTY);
        require(payload.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES, RejectionReason.PAYLOAD_TOO_LARGE);
        Optional<ApnsMessage> message = ApnsMessage.read(payload);
        // Apple has no reason of its own for what is no JSON.
        require(message.isPresent(), RejectionReason.PAYLOAD_EMPTY);
        accepted.accept(message.get()
                .record(
                        clock.instant().toString(),
                        token,
                        header(headers, "apns-topic"),
                        header(headers, "apns-collapse-id"),
                        header(headers, "apns-priority")));
    }

    private static String header(Http2Headers headers, String name) {
        CharSequence value = headers.get(name);
        return value == null ? "" : value.toString();
    }

    private static void require(boolean holds, RejectionReason reason) throws RejectedNotificationException {
        if (!holds) {
            throw new RejectedNotificationException(reason);
        }
    }
}
