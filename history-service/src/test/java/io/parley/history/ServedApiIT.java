package io.parley.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.javalin.config.JavalinConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.history.media.MediaRoutes;
import io.parley.history.page.PageSettings;
import io.parley.history.polling.CursorSeal;
import io.parley.identity.DevKeys;
import io.parley.identity.Revocations;
import io.parley.identity.TokenVerifier;
import io.parley.media.Media;
import io.parley.media.MediaSettings;
import io.parley.media.SignedLinks;
import io.parley.protocol.UserId;
import io.parley.runtime.CassandraSettings;
import io.parley.runtime.Health;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.ProcessMetrics;
import io.parley.runtime.SelfSignedCertificate;
import io.parley.storage.HistoryReader;
import io.parley.storage.ReadBudget;
import io.parley.storage.UserReads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP server with every call that it has, before a database and a log that say nothing. */
@TestInstance(Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ServedApiIT {
    private static final UserId ANN = UserId.parse("ann");
    private static final String PAGE = "https://page.example";
    private static final String PASSWORD = "password";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService answering = Executors.newCachedThreadPool();
    private JavalinConfig registered;
    private ServletContextHandler servlets;
    private Server jetty;
    private Path directory;
    private DevKeys keys;
    private Media media;
    private HistoryServer server;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        this.directory = directory;
        keys = DevKeys.openOrCreate(directory.resolve("identity"), "parley", "parley");
        JwtSettings jwt = new JwtSettings(keys.jwks().toString(), "parley", "parley");
        CassandraSettings cassandra = new CassandraSettings(List.of(), "datacenter1", "parley", 1);
        HistorySettings settings = new TestSettings(
                        cassandra, jwt, TestSettings.reads(4, 200), LIMIT, 1_000_000, List.of())
                .with(
                        new WebSettings(List.of(PAGE), Optional.of(tls("first"))),
                        new PageSettings(
                                Optional.empty(),
                                8083,
                                Optional.empty(),
                                Optional.of(directory.resolve("identity")),
                                jwt));
        PrometheusMeterRegistry registry = ProcessMetrics.registry("history");
        CqlSession silent = (CqlSession) Proxy.newProxyInstance(
                CqlSession.class.getClassLoader(), new Class<?>[] {CqlSession.class}, (proxy, method, given) -> null);
        media = Media.open(mediaSettings(), silent, "parley", LIMIT, registry);
        Askers askers = new Askers(
                TokenVerifier.of(jwt.jwks(), "parley", "parley", Duration.ofDays(30), Revocations.NONE),
                new RequestLimit(1_000_000));
        UserReads reads =
                new UserReads(new HistoryReader(silent, "parley", LIMIT), ReadBudget.of(settings.reads(), timer));
        MediaRoutes attachments =
                new MediaRoutes(media, SignedLinks.open(mediaSettings().linkKey()), new MediaAskers(askers), registry);
        server = HistoryServer.start(
                settings,
                ApiRoutes.all(
                        settings,
                        new ApiRoutes.Serving(
                                askers, reads, ChatSource.NONE, new CursorSeal("0".repeat(32)), answering)),
                config -> {
                    attachments.accept(config);
                    registered = config;
                    config.jetty.modifyServletContextHandler(handler -> servlets = handler);
                    config.jetty.modifyServer(made -> jetty = made);
                },
                registry,
                Health::serving);
    }

    @AfterAll
    void stop() {
        server.close();
        media.close();
        timer.shutdownNow();
        answering.shutdownNow();
    }

    private MediaSettings mediaSettings() {
        return new MediaSettings(
                directory.resolve("media"),
                0,
                1 << 20,
                1L << 30,
                64L << 20,
                LIMIT,
                LIMIT,
                LIMIT,
                LIMIT,
                10_000_000,
                1,
                directory.resolve("link.key"),
                LIMIT,
                8,
                16,
                1 << 30,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void every_call_is_described_and_what_is_described_can_be_called() throws Exception {
        Set<String> described = new TreeSet<>();
        JsonObject paths = JsonParser.parseString(get("/openapi.json").body())
                .getAsJsonObject()
                .getAsJsonObject("paths");
        paths.entrySet()
                .forEach(path -> path.getValue()
                        .getAsJsonObject()
                        .keySet()
                        .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        // They answer with 404 where there is no bucket; MediaIT has one.
        assertThat(described.removeAll(
                        Set.of("POST /v1/attachments/direct", "POST /v1/attachments/{attachment}/confirm")))
                .isTrue();
        paths.remove("/v1/attachments/direct");
        paths.remove("/v1/attachments/{attachment}/confirm");
        Set<String> page = pageFiles();
        Set<String> served = registered.unsafe.internalRouter.allHttpHandlers().stream()
                .map(handler -> handler.endpoint.method.name() + " " + handler.endpoint.path)
                .filter(call -> !call.startsWith("GET /docs/") && !page.contains(call))
                .collect(Collectors.toCollection(TreeSet::new));
        served.add("OPTIONS /v1/uploads");
        for (String path : paths.keySet()) {
            if (path.startsWith("/v1/attachments") || path.startsWith("/v1/uploads")) {
                served.addAll(callsOfServlets(path));
            }
        }

        assertThat(served).isEqualTo(described);
        assertThat(Arrays.stream(servlets.getServletHandler().getServletMappings())
                        .flatMap(mapping -> Arrays.stream(mapping.getPathSpecs())))
                .as("beside Javalin's and Jetty's own")
                .containsExactlyInAnyOrder("/v1/attachments/*", "/v1/uploads/*", "/*", "/");
    }

    /** What a servlet has no call for is 404, 405 or 501. */
    private Set<String> callsOfServlets(String path) throws Exception {
        Set<String> calls = new TreeSet<>();
        for (String method : METHODS) {
            HttpRequest request = request(path.replaceAll("\\{.*}", "abc"))
                    .header("Authorization", "Bearer " + keys.sign(ANN, LIMIT))
                    .header("Tus-Resumable", "1.0.0")
                    .header("Content-Type", "application/offset+octet-stream")
                    .header("Upload-Offset", "0")
                    .method(method, BodyPublishers.ofString("x"))
                    .build();
            int status = http.send(request, BodyHandlers.discarding()).statusCode();
            if (!List.of(404, 405, 501).contains(status)) {
                calls.add(method + " " + path);
            }
        }
        return calls;
    }

    private static Set<String> pageFiles() throws IOException {
        Set<String> files = new TreeSet<>(Set.of("GET /"));
        try (InputStream list = ServedApiIT.class.getResourceAsStream("/web/files.txt")) {
            if (list != null) {
                new String(list.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .forEach(file -> files.add("GET /" + file));
            }
        }
        return files;
    }

    @Test
    void the_page_to_try_the_calls_loads_everything_from_here() throws Exception {
        HttpResponse<String> docs = get("/docs");
        assertThat(docs.statusCode()).isEqualTo(200);
        assertThat(header(docs, "Content-Type")).startsWith("text/html");
        List<String> parts = Pattern.compile("(?:src|href)=\"([^\"]*)\"")
                .matcher(docs.body())
                .results()
                .map(part -> part.group(1))
                .toList();
        assertThat(parts).hasSize(3).allSatisfy(part -> assertThat(part).startsWith("/docs/"));
        for (String part : parts) {
            HttpResponse<String> loaded = get(part);
            assertThat(loaded.statusCode()).as(part).isEqualTo(200);
            assertThat(loaded.body()).as(part).isNotEmpty();
            assertThat(header(loaded, "Content-Type"))
                    .as(part)
                    .startsWith(part.endsWith(".css") ? "text/css" : "text/javascript");
            assertThat(header(loaded, "X-Content-Type-Options")).as(part).isEqualTo("nosniff");
        }
        assertThat(header(docs, "Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self';", "connect-src 'self';", "frame-ancestors 'none'")
                .doesNotContain("http", "*");
        assertThat(docs.body()).as("no script that the policy would stop").doesNotContain("<script>", "onload");
        assertThat(get("/docs/start.js").body()).contains("\"/openapi.json\"", "validatorUrl: null");
    }

    @Test
    void pages_of_an_origin_that_may_call_it_and_those_of_no_other() throws Exception {
        String messages = "/v1/conversations/ann~ben/messages";
        for (String path : List.of("/v1/conversations", messages, "/v1/poll?device=web", "/v1/attachments/abc")) {
            HttpResponse<String> refused =
                    http.send(request(path).header("Origin", PAGE).build(), BodyHandlers.ofString());
            assertThat(refused.statusCode()).as(path).isEqualTo(401);
            assertThat(header(refused, "Access-Control-Allow-Origin")).as(path).isEqualTo(PAGE);
            assertThat(header(refused, "Access-Control-Allow-Credentials"))
                    .as(path)
                    .isNotEqualTo("true");
            HttpResponse<String> foreign = http.send(
                    request(path).header("Origin", "https://page-example").build(), BodyHandlers.ofString());
            assertThat(header(foreign, "Access-Control-Allow-Origin")).as(path).isEmpty();
        }
        HttpResponse<String> asked = preflight(messages, PAGE);
        assertThat(asked.statusCode()).isLessThan(300);
        assertThat(header(asked, "Access-Control-Allow-Methods")).contains("POST");
        assertThat(header(asked, "Access-Control-Allow-Headers").toLowerCase(Locale.ROOT))
                .contains("authorization", "content-type");
        assertThat(header(preflight(messages, "https://else.example"), "Access-Control-Allow-Origin"))
                .isEmpty();
    }

    private HttpResponse<String> preflight(String path, String origin) throws Exception {
        return http.send(
                request(path)
                        .header("Origin", origin)
                        .header("Access-Control-Request-Method", "POST")
                        .header("Access-Control-Request-Headers", "authorization,content-type")
                        .method("OPTIONS", BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void https_shows_the_certificate_of_its_file_and_the_next_one_when_that_changes() throws Exception {
        assertThat(shownCertificate()).isEqualTo("CN=first");
        WebSettings.Tls second = tls("second");
        assertThat(second.certificate()).exists();
        await().atMost(LIMIT).until(() -> shownCertificate().equals("CN=second"));
    }

    /** Asks over HTTPS whether the service is well; returns whom its certificate names. */
    private String shownCertificate() throws Exception {
        int port = Stream.of(jetty.getConnectors())
                .map(ServerConnector.class::cast)
                .filter(connector -> connector.getProtocols().contains("ssl"))
                .findFirst()
                .orElseThrow()
                .getLocalPort();
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new Trusting()}, null);
        try (SSLSocket socket =
                (SSLSocket) trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.startHandshake();
            socket.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    /** Writes a new certificate to the files of the listener. */
    private WebSettings.Tls tls(String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        SelfSignedCertificate.make(store, PASSWORD, "server", "CN=" + name);
        KeyStore made = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        Path certificate = directory.resolve("server.crt");
        Path key = directory.resolve("server.key");
        FileTime now = FileTime.from(Files.exists(key) ? Instant.now().plusSeconds(10) : Instant.now());
        Certificate shown = made.getCertificate("server");
        // Where one of the two is not written yet, the one before stays.
        pem(certificate, "CERTIFICATE", shown.getEncoded(), now);
        pem(key, "PRIVATE KEY", made.getKey("server", PASSWORD.toCharArray()).getEncoded(), now);
        return new WebSettings.Tls(0, certificate, key, Duration.ZERO);
    }

    private static void pem(Path file, String what, byte[] bytes, FileTime now) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + what
                        + "-----\n");
        Files.setLastModifiedTime(file, now);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** Believes every certificate: what is tested is which one comes. */
    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
