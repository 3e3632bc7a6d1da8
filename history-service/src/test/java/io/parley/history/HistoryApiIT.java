package io.parley.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.Timestamps;
import io.parley.identity.DevKeys;
import io.parley.identity.Revocations;
import io.parley.identity.TokenVerifier;
import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.GroupCreated;
import io.parley.protocol.wire.HistoryPage;
import io.parley.runtime.CassandraSettings;
import io.parley.runtime.Health;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.ProcessMetrics;
import io.parley.runtime.ReadSettings;
import io.parley.standalone.cassandra.CassandraProcess;
import io.parley.storage.CassandraConnection;
import io.parley.storage.ConversationWriter;
import io.parley.storage.HistoryProgress;
import io.parley.storage.HistoryReader;
import io.parley.storage.LoggedEvent;
import io.parley.storage.ReadBudget;
import io.parley.storage.Schema;
import io.parley.storage.UserReads;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP API before a real Cassandra. */
@TestInstance(Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class HistoryApiIT {
    private static final UserId ANN = UserId.parse("ann");
    private static final UserId BEN = UserId.parse("ben");
    private static final UserId MALLORY = UserId.parse("mallory");
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** There is no writer that tells again how far it is. */
    private static final Duration LONGEST_BEHIND = Duration.ofHours(1);

    private static final String KEYSPACE = "parley";
    private static final String GROUP = "g0123456789ab";
    private static final String MESSAGES = "/v1/conversations/ann~ben/messages";
    private static final List<SequencedEvent> EVENTS =
            IntStream.rangeClosed(1, 5).mapToObj(HistoryApiIT::text).toList();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService answering = Executors.newCachedThreadPool();
    private final HttpClient http = HttpClient.newHttpClient();
    private CassandraProcess cassandra;
    private CassandraSettings settings;
    private CqlSession session;
    private DevKeys keys;
    private HistoryServer server;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cassandra = CassandraProcess.start(directory);
        settings = new CassandraSettings(List.of(cassandra.address()), "datacenter1", KEYSPACE, 1);
        session = CassandraConnection.open(settings);
        Schema.ensure(session, settings);
        write(ConversationId.parse("ann~ben"), EVENTS);
        write(ConversationId.parse(GROUP), List.of(group()));
        keys = DevKeys.openOrCreate(directory.resolve("identity"), "parley", "parley");
        tellThatAllIsWritten();
        server = serve(1_000_000, LONGEST_BEHIND);
    }

    private HistoryServer serve(long requestsPerTenSeconds, Duration longestBehind) {
        return serve(requestsPerTenSeconds, longestBehind, TestSettings.reads(4, 200));
    }

    private HistoryServer serve(long requestsPerTenSeconds, Duration longestBehind, ReadSettings reads) {
        JwtSettings jwt = new JwtSettings(keys.jwks().toString(), "parley", "parley");
        Askers askers = new Askers(
                TokenVerifier.of(jwt.jwks(), jwt.issuer(), jwt.audience(), Duration.ofDays(30), Revocations.NONE),
                new RequestLimit(requestsPerTenSeconds));
        Duration timeout = TestSettings.TIMEOUT;
        return HistoryServer.start(
                new TestSettings(settings, jwt, reads, longestBehind, requestsPerTenSeconds, List.of()).all(),
                List.of(
                        new HistoryApi(
                                askers,
                                new UserReads(
                                        new HistoryReader(session, KEYSPACE, longestBehind),
                                        ReadBudget.of(reads, timer)),
                                ChatSource.NONE,
                                timeout,
                                answering),
                        new PostRoutes(askers, ChatSource.NONE, timeout, answering)),
                beside -> {},
                ProcessMetrics.registry("history"),
                Health::serving);
    }

    @AfterAll
    void stop() {
        server.close();
        session.close();
        cassandra.close();
        timer.shutdownNow();
        answering.shutdownNow();
    }

    @Test
    void a_page_is_what_was_delivered() throws Exception {
        HttpResponse<String> page = get(MESSAGES + "?after=1&limit=3", BEN);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(page.headers().firstValue("Cache-Control")).contains("private, no-cache");
        assertThat(page.body())
                .isEqualTo("{\"messages\":[" + json(2) + "," + json(3) + "," + json(4) + "],\"head\":5}");
    }

    @Test
    void a_page_that_is_unchanged_is_not_sent_again() throws Exception {
        String tag = get(MESSAGES + "?after=1&limit=3", BEN)
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        HttpRequest again = request(uri(MESSAGES + "?after=1&limit=3"), BEN)
                .header("If-None-Match", tag)
                .build();

        HttpResponse<String> unchanged = http.send(again, HttpResponse.BodyHandlers.ofString());

        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(unchanged.body()).isEmpty();
        assertThat(get(MESSAGES + "?after=1&limit=2", BEN).headers().firstValue("ETag"))
                .isPresent()
                .isNotEqualTo(Optional.of(tag));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/requests", MESSAGES})
    void without_a_log_nothing_is_taken_and_the_answer_says_when_to_come_again(String path) throws Exception {
        HttpRequest post = request(uri(path), ANN)
                .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"hi\"}"))
                .build();

        HttpResponse<String> refused = http.send(post, HttpResponse.BodyHandlers.ofString());

        assertRefused(refused, 503, "UNAVAILABLE");
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isPositive();
    }

    @Test
    void a_page_without_a_place_is_the_newest() throws Exception {
        assertThat(get(MESSAGES + "?limit=1", ANN).body()).isEqualTo("{\"messages\":[" + json(5) + "],\"head\":5}");
        assertThat(get(MESSAGES + "?before=2", ANN).body()).isEqualTo("{\"messages\":[" + json(1) + "],\"head\":5}");
        assertThat(get(MESSAGES + "?after=5", ANN).body()).isEqualTo("{\"messages\":[],\"head\":5}");
    }

    @Test
    void a_protobuf_page_has_the_stored_bytes() throws Exception {
        HttpRequest request = request(uri(MESSAGES), ANN)
                .header("Accept", "application/x-protobuf")
                .build();
        HttpResponse<byte[]> page = http.send(request, HttpResponse.BodyHandlers.ofByteArray());

        assertThat(page.headers().firstValue("Content-Type")).contains("application/x-protobuf");
        assertThat(UnknownFieldSet.parseFrom(page.body())
                        .getField(HistoryPage.MESSAGES_FIELD_NUMBER)
                        .getLengthDelimitedList())
                .isEqualTo(EVENTS.stream()
                        .map(event -> ByteString.copyFrom(event.payload(WireFormat.PROTO)))
                        .toList());
    }

    @Test
    void the_users_conversations_are_listed_and_no_others() throws Exception {
        HttpResponse<String> list = get("/v1/conversations", ANN);

        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(list.body())
                .contains("\"id\":\"ann~ben\"", "\"head\":5", "\"id\":\"" + GROUP + "\"", "\"name\":\"team\"");
        assertThat(get("/v1/conversations", BEN).body())
                .contains("\"id\":\"ann~ben\"")
                .doesNotContain(GROUP);
        assertThat(get("/v1/conversations", MALLORY).body()).isEqualTo("{\"conversations\":[],\"unreadTotal\":0}");
    }

    @Test
    void conversations_are_listed_page_by_page() throws Exception {
        HttpResponse<String> first = get("/v1/conversations?limit=1", ANN);
        assertThat(first.body()).contains("\"id\":\"ann~ben\"").doesNotContain(GROUP);
        String next = first.body().replaceAll(".*\"next\":\"([^\"]+)\".*", "$1");

        HttpResponse<String> last = get("/v1/conversations?limit=1&after=" + next, ANN);

        assertThat(last.body())
                .contains("\"id\":\"" + GROUP + "\"")
                .doesNotContain("ann~ben")
                .doesNotContain("next");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=many", "after=ann~ben", "after=!", "after=", "after=YW5u"})
    void a_part_of_the_list_that_is_none_is_400(String query) throws Exception {
        assertRefused(get("/v1/conversations?" + query, ANN), 400, "BAD_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/conversations", MESSAGES})
    void without_a_valid_token_the_answer_is_401(String path, @TempDir Path elsewhere) throws Exception {
        String ofAnother = DevKeys.openOrCreate(elsewhere, "parley", "parley").sign(ANN, LIFETIME);
        for (String authorization : List.of(
                "",
                "Bearer",
                "Bearer nonsense",
                "Basic " + keys.sign(ANN, LIFETIME),
                "Bearer " + keys.sign(ANN, Duration.ofMinutes(-10)),
                "Bearer " + ofAnother)) {
            HttpRequest request = HttpRequest.newBuilder(uri(path))
                    .header("Authorization", authorization)
                    .build();

            HttpResponse<String> refused = http.send(request, HttpResponse.BodyHandlers.ofString());

            assertRefused(refused, 401, "NOT_ALLOWED");
            assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        }
    }

    @Test
    void without_the_header_the_answer_is_401() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(MESSAGES)).build();

        assertRefused(http.send(request, HttpResponse.BodyHandlers.ofString()), 401, "NOT_ALLOWED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann~ben", GROUP, "g9999999999zz"})
    void a_conversation_of_others_and_one_that_does_not_exist_are_403_alike(String conversation) throws Exception {
        HttpResponse<String> refused = get("/v1/conversations/" + conversation + "/messages", MALLORY);

        assertRefused(refused, 403, "NOT_A_MEMBER");
        assertThat(refused.body()).isEqualTo(get(MESSAGES, MALLORY).body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v2/conversations",
                "/v1/conversations/ann~ben",
                "/v1/conversations/Ann~Ben/messages",
                "/v1/conversations/a%20b/messages",
                "/v1/conversations/ben~ann/messages"
            })
    void an_address_that_names_nothing_is_404(String path) throws Exception {
        assertRefused(get(path, ANN), 404, "NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "after=x",
                "after=-1",
                "after=4294967296",
                "before=1.5",
                "after=",
                "limit=0",
                "limit=many",
                "at=yesterday",
                "after=1&before=3",
                "after=1&at=2026-11-24T02:31:29Z"
            })
    void a_place_that_is_none_is_400(String query) throws Exception {
        assertRefused(get(MESSAGES + "?" + query, ANN), 400, "BAD_REQUEST");
    }

    @Test
    void a_user_who_asks_too_often_is_told_to_wait_and_nobody_else() throws Exception {
        try (HistoryServer strict = serve(2, LONGEST_BEHIND)) {
            URI list = URI.create("http://127.0.0.1:" + strict.port() + "/v1/conversations");
            assertThat(get(list, ANN).statusCode()).isEqualTo(200);
            assertThat(get(list, ANN).statusCode()).isEqualTo(200);

            HttpResponse<String> refused = get(list, ANN);

            assertRefused(refused, 429, "RATE_LIMITED");
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isBetween(1L, 5L);
            assertThat(get(list, BEN).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_user_who_asks_for_too_much_at_once_is_told_to_wait_and_nobody_else() throws Exception {
        try (HistoryServer strict = serve(1_000_000, LONGEST_BEHIND, TestSettings.reads(1, 1))) {
            URI page = URI.create("http://127.0.0.1:" + strict.port()).resolve(MESSAGES);
            List<CompletableFuture<HttpResponse<String>>> anns;
            signal("STOP");
            try {
                anns = Stream.generate(
                                () -> http.sendAsync(request(page, ANN).build(), HttpResponse.BodyHandlers.ofString()))
                        .limit(5)
                        .toList();
                // One is read, one waits; those that are refused are told at once, while Cassandra hangs.
                await().atMost(LIMIT)
                        .until(() ->
                                anns.stream().filter(CompletableFuture::isDone).count() >= 3);
                List<HttpResponse<String>> refused = anns.stream()
                        .filter(CompletableFuture::isDone)
                        .map(CompletableFuture::join)
                        .filter(answer -> answer.statusCode() == 429)
                        .toList();
                assertThat(refused).hasSize(3);
                for (HttpResponse<String> answer : refused) {
                    assertRefused(answer, 429, "RATE_LIMITED");
                    assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow())
                            .isPositive();
                }
                assertThat(get(page, BEN).statusCode())
                        .as("its read waits for Cassandra")
                        .isEqualTo(503);
            } finally {
                signal("CONT");
            }
            await().atMost(LIMIT).until(() -> get(page, ANN).statusCode() == 200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/conversations", MESSAGES})
    void while_cassandra_hangs_the_answer_is_503(String path) throws Exception {
        signal("STOP");
        try {
            assertRefused(get(path, ANN), 503, "UNAVAILABLE");
        } finally {
            signal("CONT");
        }
        await().atMost(LIMIT).until(() -> get(path, ANN).statusCode() == 200);
    }

    @Test
    void while_history_is_behind_groups_are_answered_with_503_and_read_again_afterwards() throws Exception {
        try (HistoryServer strict = serve(1_000_000, Duration.ofSeconds(3))) {
            URI base = URI.create("http://127.0.0.1:" + strict.port());
            URI group = base.resolve("/v1/conversations/" + GROUP + "/messages");
            await().atMost(LIMIT).until(() -> get(group, ANN).statusCode() == 503);

            for (HttpResponse<String> refused :
                    List.of(get(group, ANN), get(group, MALLORY), get(base.resolve("/v1/conversations"), ANN))) {
                assertRefused(refused, 503, "UNAVAILABLE");
                assertThat(refused.headers().firstValueAsLong("Retry-After")).hasValue(2);
            }
            assertThat(get(base.resolve(MESSAGES), ANN).statusCode())
                    .as("a conversation of two")
                    .isEqualTo(200);

            await().atMost(LIMIT).until(() -> {
                tellThatAllIsWritten();
                return get(group, ANN).statusCode() == 200;
            });
            assertRefused(get(group, MALLORY), 403, "NOT_A_MEMBER");
        }
    }

    private void tellThatAllIsWritten() throws Exception {
        HistoryProgress progress = new HistoryProgress(session, KEYSPACE);
        Instant now = progress.clock().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        progress.report(Map.of(0, now), 1).toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).startsWith("{\"error\":{\"code\":\"" + code + "\",\"message\":\"");
    }

    private HttpResponse<String> get(String path, UserId user) throws Exception {
        return get(uri(path), user);
    }

    private HttpResponse<String> get(URI uri, UserId user) throws Exception {
        return http.send(request(uri, user).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(URI uri, UserId user) {
        return HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + keys.sign(user, LIFETIME));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private void signal(String name) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(cassandra.pid()))
                .inheritIO()
                .start();
        assertThat(kill.onExit().join().exitValue()).isZero();
    }

    private void write(ConversationId conversation, List<SequencedEvent> events) throws Exception {
        new ConversationWriter(session, KEYSPACE)
                .write(Map.of(
                        conversation,
                        events.stream()
                                .map(event -> new LoggedEvent(event, Keeping.getDefaultInstance()))
                                .toList()))
                .toCompletableFuture()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static String json(int seq) {
        return new String(EVENTS.get(seq - 1).payload(WireFormat.JSON), StandardCharsets.UTF_8);
    }

    private static SequencedEvent text(int seq) {
        return sequenced(event(seq).setText("message " + seq));
    }

    private static SequencedEvent group() {
        return sequenced(event(1).setGroupCreated(GroupCreated.newBuilder()
                .setName("team")
                .addMembers("ann")
                .addMembers("cid")));
    }

    private static ChatEvent.Builder event(int seq) {
        return ChatEvent.newBuilder()
                .setSeq(seq)
                .setId("m" + seq)
                .setFrom("ann")
                .setAt(Timestamps.fromMillis(1_800_000_000_000L + seq));
    }

    private static SequencedEvent sequenced(ChatEvent.Builder event) {
        return new SequencedEvent(event.getSeq(), event.build().toByteArray());
    }
}
