package io.parley.push.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.interaso.webpush.VapidKeys;
import com.interaso.webpush.WebPush;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The counterpart is worth as much as what it does not accept. */
@SuppressWarnings("NullAway.Init")
class WebPushCounterpartTest {
    private static final String MESSAGE = "{\"title\":\"Anna\",\"body\":\"Hello\"}";

    private final List<SinkRecord> accepted = new CopyOnWriteArrayList<>();
    private final WebPush sender = new WebPush("mailto:push@example.org", VapidKeys.generate());
    private final HttpClient client = HttpClient.newHttpClient();
    private WebPushCounterpart counterpart;
    private Subscription browser;

    @BeforeEach
    void start() throws IOException {
        counterpart = new WebPushCounterpart(0, Clock.systemUTC(), accepted::add);
        browser = counterpart.subscribe();
    }

    @AfterEach
    void stop() {
        counterpart.close();
    }

    private Map<String, String> headers() {
        return new HashMap<>(sender.getHeaders(browser.endpoint(), 60, "topic", WebPush.Urgency.High));
    }

    private HttpResponse<String> post(Map<String, String> headers, byte[] body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(browser.endpoint())).POST(BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private byte[] encrypted(String message) {
        return sender.getBody(
                message.getBytes(StandardCharsets.UTF_8),
                browser.p256dh().toByteArray(),
                browser.auth().toByteArray());
    }

    @Test
    void a_right_request_is_accepted() throws Exception {
        assertThat(post(headers(), encrypted(MESSAGE)).statusCode()).isEqualTo(201);
        assertThat(accepted).extracting(SinkRecord::title).containsExactly("Anna");
        assertThat(JsonParser.parseString(accepted.get(0).toJson())
                        .getAsJsonObject()
                        .keySet())
                .containsExactly(
                        "at",
                        "platform",
                        "token",
                        "topic",
                        "collapseId",
                        "priority",
                        "silent",
                        "badge",
                        "title",
                        "body",
                        "conversation",
                        "seq",
                        "withdraw");
    }

    @ParameterizedTest
    @CsvSource({
        "TTL, '', 400",
        "Content-Encoding, aesgcm, 400",
        "Topic, this topic has more than 32 characters, 400",
        "Urgency, now, 400",
        "Authorization, Bearer x, 401",
        "Authorization, 'vapid t=a.b.c, k=AAAA', 403"
    })
    void a_wrong_header_is_not_accepted(String header, String value, int status) throws Exception {
        Map<String, String> headers = headers();
        headers.put(header, value);

        assertThat(post(headers, encrypted(MESSAGE)).statusCode()).isEqualTo(status);
        assertThat(accepted).isEmpty();
    }

    @Test
    void a_signature_for_another_origin_is_not_accepted() throws Exception {
        Map<String, String> headers = sender.getHeaders("https://example.org/1", 60, "topic", WebPush.Urgency.High);

        assertThat(post(headers, encrypted(MESSAGE)).body()).contains("another origin");
    }

    @Test
    void a_signature_that_is_valid_too_long_is_not_accepted() throws Exception {
        String token = sender.getToken(counterpart.address().toString(), 25 * 60 * 60);
        Map<String, String> headers = sender.getHeadersWithToken(token, 60, "topic", WebPush.Urgency.High);

        assertThat(post(headers, encrypted(MESSAGE)).body()).contains("24 hours");
    }

    @Test
    void a_signature_with_another_key_is_not_accepted() throws Exception {
        WebPush other = new WebPush("mailto:push@example.org", VapidKeys.generate());
        String token = other.getToken(counterpart.address().toString(), 60);
        Map<String, String> headers = sender.getHeadersWithToken(token, 60, "topic", WebPush.Urgency.High);

        assertThat(post(headers, encrypted(MESSAGE)).body()).contains("not valid");
    }

    @Test
    void a_long_message_is_not_accepted() throws Exception {
        assertThat(post(headers(), encrypted("x".repeat(3994))).statusCode()).isEqualTo(413);
    }

    @Test
    void a_message_in_the_clear_is_not_accepted() throws Exception {
        assertThat(post(headers(), MESSAGE.getBytes(StandardCharsets.UTF_8)).statusCode())
                .isEqualTo(400);
    }

    @Test
    void another_process_can_subscribe() throws Exception {
        URI address = URI.create(counterpart.address() + "/subscribe");
        String json = client.send(
                        HttpRequest.newBuilder(address)
                                .POST(BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString())
                .body();

        assertThat(JsonParser.parseString(json).getAsJsonObject().keySet())
                .containsExactly("endpoint", "p256dh", "auth");
    }
}
