package io.parley.history.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.typesafe.config.ConfigFactory;
import io.javalin.Javalin;
import io.parley.identity.DevKeys;
import io.parley.identity.Revocations;
import io.parley.identity.TokenVerifier;
import io.parley.identity.Verification;
import io.parley.protocol.UserId;
import io.parley.runtime.BadSetting;
import io.parley.runtime.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page's server says, without a database. */
@TestInstance(Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class PageIT {
    private static final String TOKEN = "/v1/development/token";

    private final HttpClient http = HttpClient.newHttpClient();
    private DevKeys keys;
    private Javalin server;
    private Javalin elsewhere;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        keys = DevKeys.openOrCreate(directory, "parley", "parley");
        server = serve(Map.of("parley.page.development-tokens", directory.toString()));
        elsewhere = serve(Map.of("parley.page.websocket-url", "wss://chat.example:8443/mqtt"));
    }

    @AfterAll
    void stop() {
        server.stop();
        elsewhere.stop();
    }

    @Test
    void the_page_is_served_under_a_policy_that_allows_nothing_from_elsewhere() throws Exception {
        HttpResponse<String> page = get(server, "/", "identity");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .contains("connect-src 'self' ws://127.0.0.1:8083;")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe", "*");
        assertThat(page.body()).doesNotContain("<style", "style=", "onload=").containsOnlyOnce("<script");
        assertThat(send(request(server, "/").header("If-None-Match", tag(page))).statusCode())
                .isEqualTo(304);
    }

    @Test
    void what_has_its_content_in_its_name_is_kept_for_good_and_comes_compressed_once() throws Exception {
        String script = get(server, "/", "identity").body().replaceAll("(?s).*src=\"(/assets/[^\"]+\\.js)\".*", "$1");

        HttpResponse<String> plain = get(server, script, "identity");
        HttpResponse<byte[]> compressed = http.send(
                request(server, script).header("Accept-Encoding", "gzip").build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertThat(plain.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
        assertThat(plain.headers().firstValue("Content-Type")).contains("text/javascript; charset=utf-8");
        assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
        byte[] content = new GZIPInputStream(new ByteArrayInputStream(compressed.body())).readAllBytes();
        assertThat(new String(content, StandardCharsets.UTF_8)).isEqualTo(plain.body());
    }

    @Test
    void the_page_learns_where_mqtt_is() throws Exception {
        assertThat(json(get(server, "/v1/configuration", "identity")))
                .isEqualTo(JsonParser.parseString(
                        "{\"webSocket\":\"ws://127.0.0.1:8083/mqtt\",\"developmentTokens\":true}"));
        assertThat(json(get(elsewhere, "/v1/configuration", "identity")))
                .isEqualTo(JsonParser.parseString(
                        "{\"webSocket\":\"wss://chat.example:8443/mqtt\",\"developmentTokens\":false}"));
        assertThat(get(elsewhere, "/", "identity")
                        .headers()
                        .firstValue("Content-Security-Policy")
                        .orElseThrow())
                .contains("connect-src 'self' wss://chat.example:8443;");
    }

    @Test
    void a_host_that_is_none_does_not_get_into_the_policy() throws Exception {
        String answer = raw("GET / HTTP/1.1\r\nHost: a.example;script-src\r\nConnection: close\r\n\r\n");

        assertThat(answer).doesNotContain("a.example");
    }

    @Test
    void a_development_token_is_one_of_the_user() throws Exception {
        HttpResponse<String> answer = post("{\"user\":\"alice\"}", "application/json");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        String token = json(answer).get("token").getAsString();
        assertThat(TokenVerifier.of(keys.jwks().toString(), "parley", "parley", Duration.ofDays(30), Revocations.NONE)
                        .verify(token))
                .isInstanceOfSatisfying(
                        Verification.Verified.class,
                        verified -> assertThat(verified.user()).isEqualTo(UserId.parse("alice")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{}", "{\"user\":7}", "{\"user\":\"Alice\"}", "{\"user\":{}}", "{\"user\":null}"})
    void a_body_without_a_user_gets_no_token(String body) throws Exception {
        HttpResponse<String> answer = post(body, "application/json");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).getAsJsonObject("error").get("code").getAsString())
                .isEqualTo("BAD_REQUEST");
    }

    @Test
    void another_web_site_gets_no_token() throws Exception {
        assertThat(post("{\"user\":\"alice\"}", "text/plain").statusCode()).isEqualTo(403);
        HttpRequest.Builder foreign = request(server, TOKEN)
                .header("Content-Type", "application/json")
                .header("Origin", "http://evil.example")
                .POST(HttpRequest.BodyPublishers.ofString("{\"user\":\"alice\"}"));
        assertThat(send(foreign).statusCode()).isEqualTo(403);
        String rebound =
                raw("POST " + TOKEN + " HTTP/1.1\r\nHost: evil.example:8080\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 16\r\nConnection: close\r\n\r\n{\"user\":\"alice\"}");
        assertThat(rebound).startsWith("HTTP/1.1 403").contains("NOT_ALLOWED");
    }

    @Test
    void without_the_setting_there_are_no_tokens() throws Exception {
        HttpRequest.Builder asked = request(elsewhere, TOKEN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"user\":\"alice\"}"));

        assertThat(send(asked).statusCode()).isEqualTo(404);
    }

    @Test
    void nothing_gives_tokens_to_other_machines() {
        assertThatThrownBy(() -> settings(Map.of("parley.bind", "0.0.0.0", "parley.page.development-tokens", "/keys")))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.page.development-tokens");
        assertThatThrownBy(() -> settings(Map.of("parley.page.websocket-url", "javascript:alert(1)")))
                .isInstanceOf(BadSetting.class)
                .hasMessageContaining("parley.page.websocket-url");
    }

    private PageSettings settings(Map<String, String> more) {
        return PageSettings.from(Settings.of(ConfigFactory.parseMap(more)
                .withFallback(ConfigFactory.parseMap(
                        Map.of("parley.jwt.jwks", keys.jwks().toString())))
                .withFallback(ConfigFactory.defaultReference())
                .resolve()));
    }

    private Javalin serve(Map<String, String> more) {
        PageSettings settings = settings(more);
        return Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    PageRoutes.add(config.routes, settings);
                })
                .start("127.0.0.1", 0);
    }

    private HttpResponse<String> get(Javalin at, String path, String encoding) throws Exception {
        return send(request(at, path).header("Accept-Encoding", encoding));
    }

    private HttpResponse<String> post(String body, String type) throws Exception {
        return send(
                request(server, TOKEN).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(Javalin at, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at.port() + path));
    }

    /** Headers that Java's client does not send. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String tag(HttpResponse<String> page) {
        return page.headers().firstValue("ETag").orElseThrow();
    }

    private static JsonObject json(HttpResponse<String> answer) {
        return JsonParser.parseString(answer.body()).getAsJsonObject();
    }
}
