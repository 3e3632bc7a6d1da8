package io.parley.push.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.extractor.Extractors.byName;

import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import com.eatthepath.pushy.apns.auth.AuthenticationToken;
import com.eatthepath.pushy.apns.server.RejectedNotificationException;
import com.eatthepath.pushy.apns.server.RejectionReason;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The counterpart is worth as much as what it does not accept. */
@SuppressWarnings("NullAway.Init")
class ApnsSessionTest {
    private static final Instant NOW = Instant.parse("2026-11-28T14:00:00Z");
    private static final String PAYLOAD =
            "{\"aps\":{\"alert\":{\"title\":\"walk\",\"subtitle\":\"amy\",\"body\":\"hi\"},\"badge\":2},\"conversation\":\"g1\",\"seq\":7}";

    @TempDir
    static Path folder;

    private static ApnsIdentity identity;

    private final List<SinkRecord> accepted = new ArrayList<>();
    private ApnsSession session;

    @BeforeAll
    static void makeKeys() throws Exception {
        identity = SinkKeys.in(folder).apns();
    }

    @BeforeEach
    void open() {
        session = new ApnsSession(identity, Clock.fixed(NOW, ZoneOffset.UTC), accepted::add);
    }

    @Test
    void a_right_request_is_accepted_with_the_sender_before_the_text() throws Exception {
        handle(headers(key(), NOW), PAYLOAD);

        assertThat(accepted)
                .containsExactly(new SinkRecord(
                        NOW.toString(),
                        "APNS",
                        "abcd",
                        "chat.example",
                        "one",
                        "10",
                        false,
                        2,
                        "walk",
                        "amy: hi",
                        "g1",
                        7,
                        false));
    }

    @ParameterizedTest
    @CsvSource({
        ":path, /3/device/phone, BAD_DEVICE_TOKEN",
        "apns-topic, '', MISSING_TOPIC",
        "apns-collapse-id, a collapse id of more than the sixty-four bytes that Apple takes of it, BAD_COLLAPSE_ID",
        "apns-priority, 7, BAD_PRIORITY",
        "apns-push-type, shout, INVALID_PUSH_TYPE",
        "apns-priority, high, BAD_PRIORITY",
        "apns-push-type, background, BAD_PRIORITY",
        "authorization, '', MISSING_PROVIDER_TOKEN",
        "authorization, bearer a.b.c, INVALID_PROVIDER_TOKEN"
    })
    void a_wrong_header_is_refused(String name, String value, RejectionReason reason) throws Exception {
        assertThat(refused(headers(key(), NOW).set(name, value), PAYLOAD)).isEqualTo(reason);
    }

    @Test
    void a_signature_with_another_key_and_an_old_one_are_refused() throws Exception {
        ApnsSigningKey other = key(VapidKey.newFile());

        assertThat(refused(headers(other, NOW), PAYLOAD)).isEqualTo(RejectionReason.INVALID_PROVIDER_TOKEN);
        assertThat(refused(headers(key(), NOW.minusSeconds(3601)), PAYLOAD))
                .isEqualTo(RejectionReason.EXPIRED_PROVIDER_TOKEN);
    }

    @Test
    void what_is_no_payload_or_too_long_is_refused() throws Exception {
        assertThat(refused(headers(key(), NOW), "hello")).isEqualTo(RejectionReason.PAYLOAD_EMPTY);
        assertThat(refused(headers(key(), NOW), PAYLOAD + " ".repeat(4096)))
                .isEqualTo(RejectionReason.PAYLOAD_TOO_LARGE);
    }

    private void handle(Http2Headers headers, String payload) throws RejectedNotificationException {
        session.handlePushNotification(headers, Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8));
    }

    /** The reason; Pushy keeps it to itself. */
    private Object refused(Http2Headers headers, String payload) {
        RejectedNotificationException refusal =
                catchThrowableOfType(RejectedNotificationException.class, () -> handle(headers, payload));
        assertThat(accepted).isEmpty();
        return byName("errorReason").apply(refusal);
    }

    private static ApnsSigningKey key() throws Exception {
        return key(Files.readString(folder.resolve("apns.p8")));
    }

    private static ApnsSigningKey key(String file) throws Exception {
        return ApnsSigningKey.loadFromInputStream(
                new ByteArrayInputStream(file.getBytes(StandardCharsets.US_ASCII)),
                SinkKeys.APNS_TEAM_ID,
                SinkKeys.APNS_KEY_ID);
    }

    private static Http2Headers headers(ApnsSigningKey key, Instant signed) {
        return new DefaultHttp2Headers()
                .method("POST")
                .path("/3/device/abcd")
                .set("apns-topic", "chat.example")
                .set("apns-collapse-id", "one")
                .set("apns-priority", "10")
                .set("apns-push-type", "alert")
                .set("authorization", new AuthenticationToken(key, signed).getAuthorizationHeader());
    }
}
