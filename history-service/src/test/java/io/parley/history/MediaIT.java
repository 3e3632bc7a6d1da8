package io.parley.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.util.Timestamps;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.history.media.MediaRoutes;
import io.parley.identity.DevKeys;
import io.parley.identity.Revocations;
import io.parley.identity.TokenVerifier;
import io.parley.media.Media;
import io.parley.media.MediaSettings;
import io.parley.media.S3Settings;
import io.parley.media.SignedLinks;
import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.log.PointersMoved;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.AvatarChanged;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Deleted;
import io.parley.protocol.wire.GroupCreated;
import io.parley.protocol.wire.MembersAdded;
import io.parley.protocol.wire.MembersRemoved;
import io.parley.protocol.wire.UserErased;
import io.parley.runtime.CassandraSettings;
import io.parley.runtime.Health;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.ProcessMetrics;
import io.parley.standalone.cassandra.CassandraProcess;
import io.parley.standalone.s3.S3Process;
import io.parley.storage.CassandraConnection;
import io.parley.storage.ConversationWriter;
import io.parley.storage.HistoryProgress;
import io.parley.storage.LoggedEvent;
import io.parley.storage.PointerWriter;
import io.parley.storage.Schema;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Attachments by HTTP before a real Cassandra: every message here is written as the history writer would. */
@TestInstance(Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class MediaIT {
    private static final UserId ANN = UserId.parse("ann");
    private static final UserId BEN = UserId.parse("ben");
    private static final UserId CID = UserId.parse("cid");
    private static final UserId DAN = UserId.parse("dan");
    private static final UserId MALLORY = UserId.parse("mallory");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LONG = Duration.ofHours(1);
    private static final String KEYSPACE = "parley";
    private static final int MOST_BYTES = 4 << 20;
    private static final long FILE_MIB = 100;
    /** {@code -Dparley.test.bucketMiB=100} plays as many: the bucket's counterpart is slow. */
    private static final long BUCKET_MIB = Integer.getInteger("parley.test.bucketMiB", 30);

    private static final String PAGE = "https://page.example";
    private static final long FAST = 1_000_000_000;
    private static final String ANYTHING = "application/octet-stream";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger groups = new AtomicInteger();
    private CassandraProcess cassandra;
    private S3Process s3;
    private CqlSession session;
    private DevKeys keys;
    private Path directory;
    private Media media;
    private Media sweeper;
    private HistoryServer server;
    private ConversationWriter writer;
    private HistoryProgress progress;
    /** Whether the history is told to be up to date. */
    private volatile boolean writing = true;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        this.directory = directory;
        cassandra = CassandraProcess.start(directory);
        s3 = S3Process.start(directory, "attachments");
        CassandraSettings settings = cassandraSettings();
        session = CassandraConnection.open(settings);
        Schema.ensure(session, settings);
        writer = new ConversationWriter(session, KEYSPACE);
        progress = new HistoryProgress(session, KEYSPACE);
        tellThatAllIsWritten();
        var unused = timer.scheduleWithFixedDelay(this::report, 0, 100, TimeUnit.MILLISECONDS);
        keys = DevKeys.openOrCreate(directory.resolve("identity"), "parley", "parley");
        PrometheusMeterRegistry registry = ProcessMetrics.registry("history");
        media = Media.open(mediaSettings(), session, KEYSPACE, LONG, registry);
        startSweeping();
        server = serve(media, registry);
    }

    private MediaSettings mediaSettings() {
        return new MediaSettings(
                directory.resolve("media"),
                0,
                MOST_BYTES,
                1L << 30,
                64L << 20,
                LONG,
                LONG,
                Duration.ofMillis(1),
                Duration.ofMillis(200),
                10_000_000,
                1,
                directory.resolve("media").resolve("link.key"),
                LONG,
                8,
                16,
                FAST,
                Optional.empty(),
                Optional.empty());
    }

    /** One sweeper at a time: each would delete from its own store only. */
    private void startSweeping() throws IOException {
        sweeper = Media.open(mediaSettings(), session, KEYSPACE, LONG, ProcessMetrics.registry("sweeper"));
        sweeper.sweep();
    }

    private CassandraSettings cassandraSettings() {
        return new CassandraSettings(List.of(cassandra.address()), "datacenter1", KEYSPACE, 1);
    }

    private HistoryServer serve(Media media, PrometheusMeterRegistry registry) throws IOException {
        JwtSettings jwt = new JwtSettings(keys.jwks().toString(), "parley", "parley");
        Askers askers = new Askers(
                TokenVerifier.of(jwt.jwks(), jwt.issuer(), jwt.audience(), Duration.ofDays(30), Revocations.NONE),
                new RequestLimit(1_000_000));
        return HistoryServer.start(
                new TestSettings(cassandraSettings(), jwt, TestSettings.reads(4, 200), LONG, 1_000_000, List.of(PAGE))
                        .all(),
                List.of(),
                new MediaRoutes(media, SignedLinks.open(mediaSettings().linkKey()), new MediaAskers(askers), registry),
                registry,
                Health::serving);
    }

    @AfterAll
    void stop() {
        server.close();
        sweeper.close();
        media.close();
        session.close();
        cassandra.close();
        s3.close();
        timer.shutdownNow();
    }

    @Test
    void who_is_shown_it_fetches_it_and_nobody_else() throws Exception {
        byte[] bytes = random(1_500_000);
        HttpResponse<String> uploaded = http.send(
                post(ANN, bytes, ANYTHING)
                        .header("Content-Disposition", "attachment; filename=\"a.bin\"; filename*=UTF-8''%C3%A4.bin")
                        .build(),
                BodyHandlers.ofString());
        JsonObject info = JsonParser.parseString(uploaded.body()).getAsJsonObject();
        String id = info.get("id").getAsString();

        assertThat(uploaded.statusCode()).isEqualTo(201);
        assertThat(info.get("contentType").getAsString()).isEqualTo(ANYTHING);
        assertThat(info.get("name").getAsString()).isEqualTo("ä.bin");
        assertThat(info.getAsJsonPrimitive("size").isNumber()).isTrue();
        assertThat(info.get("size").getAsInt()).isEqualTo(bytes.length);
        assertThat(info.get("sha256").getAsString()).isEqualTo(sha256(bytes));
        assertThat(get(id, ANN).body()).isEqualTo(bytes);
        assertThat(get(id, BEN).statusCode()).isEqualTo(403);

        write("ann~ben", message(1, ANN, id));

        HttpResponse<byte[]> fetched = get(id, BEN);
        assertThat(fetched.statusCode()).isEqualTo(200);
        assertThat(fetched.body()).isEqualTo(bytes);
        assertThat(fetched.headers().firstValue("Content-Type")).contains(ANYTHING);
        assertThat(fetched.headers().firstValue("ETag")).contains("\"" + sha256(bytes) + "\"");
        assertThat(fetched.headers().firstValue("Content-Disposition").orElse(""))
                .startsWith("attachment;")
                .endsWith("''%C3%A4.bin");
        assertThat(get(id, MALLORY).statusCode()).isEqualTo(403);
        assertThat(http.send(
                                HttpRequest.newBuilder(uri("/v1/attachments/" + id))
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(401);
        assertThat(get("0".repeat(32), ANN).statusCode()).isEqualTo(404);
        assertThat(get("../link.key", ANN).statusCode()).isIn(400, 404);
    }

    @Test
    void a_receiver_who_is_faster_than_the_history_waits_for_it() throws Exception {
        String id = upload(ANN, random(100), ANYTHING);
        writing = false;

        var early = http.sendAsync(request(id, CID).build(), BodyHandlers.ofByteArray());
        write("ann~cid", message(1, ANN, id));

        assertThat(early.get(LIMIT.toSeconds(), TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        writing = true;
    }

    @Test
    void pages_of_an_origin_that_may_fetch_them_and_those_of_no_other() throws Exception {
        String id = upload(DAN, random(10), ANYTHING);

        HttpResponse<byte[]> fetched =
                http.send(request(id, DAN).header("Origin", PAGE).build(), BodyHandlers.ofByteArray());
        HttpResponse<byte[]> foreign = http.send(
                request(id, DAN).header("Origin", "https://page-example").build(), BodyHandlers.ofByteArray());
        HttpResponse<String> asked = http.send(
                HttpRequest.newBuilder(uri("/v1/uploads/x"))
                        .method("OPTIONS", BodyPublishers.noBody())
                        .header("Origin", PAGE)
                        .header("Access-Control-Request-Method", "PATCH")
                        .header("Access-Control-Request-Headers", "authorization,upload-offset")
                        .build(),
                BodyHandlers.ofString());

        assertThat(fetched.headers().firstValue("Access-Control-Allow-Origin")).contains(PAGE);
        assertThat(fetched.headers().firstValue("Access-Control-Expose-Headers"))
                .hasValueSatisfying(exposed -> assertThat(exposed).contains("Content-Range"));
        assertThat(foreign.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(asked.headers().firstValue("Access-Control-Allow-Origin")).contains(PAGE);
        assertThat(asked.headers().firstValue("Access-Control-Allow-Methods"))
                .hasValueSatisfying(methods -> assertThat(methods).contains("PATCH"));
    }

    @Test
    void parts_are_fetched() throws Exception {
        byte[] bytes = random(100_000);
        String id = upload(ANN, bytes, ANYTHING);

        HttpResponse<byte[]> middle =
                http.send(request(id, ANN).header("Range", "bytes=1000-1999").build(), BodyHandlers.ofByteArray());
        assertThat(middle.statusCode()).isEqualTo(206);
        assertThat(middle.headers().firstValue("Content-Range")).contains("bytes 1000-1999/100000");
        assertThat(middle.body()).isEqualTo(Arrays.copyOfRange(bytes, 1000, 2000));
        HttpResponse<byte[]> last =
                http.send(request(id, ANN).header("Range", "bytes=-10").build(), BodyHandlers.ofByteArray());
        assertThat(last.body()).isEqualTo(Arrays.copyOfRange(bytes, 99_990, 100_000));
        HttpResponse<byte[]> beyond =
                http.send(request(id, ANN).header("Range", "bytes=100000-").build(), BodyHandlers.ofByteArray());
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(http.send(
                                request(id, ANN)
                                        .header("If-None-Match", "\"" + sha256(bytes) + "\"")
                                        .build(),
                                BodyHandlers.ofByteArray())
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void the_last_message_that_shows_it_takes_it_along() throws Exception {
        String deleted = upload(ANN, random(1000), ANYTHING);
        String kept = upload(ANN, random(1000), ANYTHING);
        String group = group(ANN, BEN);
        write(group, message(2, ANN, deleted, kept), message(3, ANN, deleted), message(4, ANN, kept));
        assertThat(get(deleted, BEN).statusCode()).isEqualTo(200);

        write(group, deletion(5, 2));
        assertThat(get(deleted, BEN).statusCode()).isEqualTo(200);
        write(group, deletion(6, 3));

        await().atMost(LIMIT).until(() -> files(deleted) == 0);
        assertThat(get(deleted, BEN).statusCode()).isEqualTo(404);
        assertThat(get(deleted, ANN).statusCode()).isEqualTo(404);
        assertThat(get(kept, BEN).statusCode()).as("another message shows it").isEqualTo(200);
        assertThat(files(kept)).isEqualTo(1);

        // What is written again brings nothing back.
        write(group, message(2, ANN, deleted, kept), message(3, ANN, deleted), deletion(5, 2), deletion(6, 3));
        assertThat(get(deleted, BEN).statusCode()).isEqualTo(404);
        assertThat(get(kept, BEN).statusCode()).isEqualTo(200);
    }

    @Test
    void what_all_have_and_what_an_erased_user_sent_goes_too() throws Exception {
        String purged = upload(ANN, random(1000), ANYTHING);
        String erased = upload(ANN, random(1000), ANYTHING);
        String kept = upload(BEN, random(1000), ANYTHING);
        String group = group(ANN, BEN);
        write(group, message(2, ANN, purged), message(3, ANN, erased), message(4, BEN, kept));

        new PointerWriter(session, KEYSPACE)
                .write(Map.of(
                        ConversationId.parse(group),
                        List.of(PointersMoved.newBuilder()
                                .setPurged(2)
                                .setPurgedAtMillis(System.currentTimeMillis() + 60_000)
                                .build())))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        await().atMost(LIMIT).until(() -> files(purged) == 0);
        assertThat(files(erased)).isEqualTo(1);

        write(
                group,
                event(5, ANN)
                        .setUserErased(UserErased.newBuilder().setUser("ann"))
                        .build());
        await().atMost(LIMIT).until(() -> files(erased) == 0);
        assertThat(get(kept, BEN).statusCode()).isEqualTo(200);
    }

    @Test
    void an_avatar_is_seen_by_members_until_there_is_another() throws Exception {
        String first = upload(ANN, picture(64, 64, "png"), "image/png");
        String second = upload(ANN, picture(65, 64, "png"), "image/png");
        String group = group(ANN, BEN);
        write(
                group,
                avatar(2, first),
                event(3, ANN)
                        .setMembersAdded(MembersAdded.newBuilder().addUsers("cid"))
                        .build());
        assertThat(get(first, CID).statusCode()).as("also by who came later").isEqualTo(200);

        write(group, avatar(4, second));

        await().atMost(LIMIT).until(() -> files(first) == 0);
        assertThat(get(second, BEN).statusCode()).isEqualTo(200);
    }

    @Test
    void members_see_what_was_sent_since_they_came_and_until_they_go() throws Exception {
        String before = upload(ANN, random(10), ANYTHING);
        String since = upload(ANN, random(10), ANYTHING);
        String group = group(ANN, BEN);
        write(
                group,
                message(2, ANN, before),
                event(3, ANN)
                        .setMembersAdded(MembersAdded.newBuilder().addUsers("cid"))
                        .build(),
                message(4, ANN, since));
        assertThat(get(since, CID).statusCode()).isEqualTo(200);
        assertThat(get(before, CID).statusCode()).isEqualTo(403);

        write(
                group,
                event(5, ANN)
                        .setMembersRemoved(MembersRemoved.newBuilder().addUsers("cid"))
                        .build());

        assertThat(get(since, CID).statusCode()).isEqualTo(403);
        assertThat(get(since, BEN).statusCode()).isEqualTo(200);
    }

    @Test
    void what_is_wrong_is_refused_and_leaves_nothing() throws Exception {
        long before = allFiles();

        assertThat(status(post(ANN, random(100), "image/png"))).isEqualTo(400);
        assertThat(status(post(ANN, random(100), "no type"))).isEqualTo(400);
        assertThat(status(post(ANN, random(MOST_BYTES + 1), ANYTHING))).isEqualTo(413);
        HttpRequest.Builder endless = HttpRequest.newBuilder(uri("/v1/attachments"))
                .header("Authorization", "Bearer " + token(ANN))
                .header("Content-Type", ANYTHING)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(random(MOST_BYTES + 100_000))));
        assertThat(status(endless)).isEqualTo(413);
        assertThat(status(post(ANN, random(10), ANYTHING, "?sha256=" + "0".repeat(64))))
                .isEqualTo(400);
        assertThat(status(post(ANN, random(10), ANYTHING).header("Content-Encoding", "gzip")))
                .isEqualTo(400);

        breakOff(ANN);
        await().atMost(LIMIT).until(() -> allFiles() == before);
    }

    private void breakOff(UserId user) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /v1/attachments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token(user)
                            + "\r\nContent-Type: " + ANYTHING + "\r\nContent-Length: 100000\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(random(50_000));
            out.flush();
            await().atMost(LIMIT).until(() -> allFilesIn("uploads") > 0);
        }
    }

    @Test
    void tus_java_client_resumes() throws Exception {
        byte[] bytes = random(900_000);

        String id = TusClients.java(uri("/v1/uploads"), token(ANN), bytes, ANYTHING);

        assertThat(get(id, ANN).body()).isEqualTo(bytes);
        assertThat(get(id, MALLORY).statusCode()).isEqualTo(403);
    }

    @Test
    void tus_js_client_resumes() throws Exception {
        byte[] bytes = random(900_000);
        Path file = Files.write(directory.resolve("js.bin"), bytes);

        String id = TusClients.javascript(uri("/v1/uploads"), token(ANN), file, ANYTHING);

        HttpResponse<byte[]> fetched = get(id, ANN);
        assertThat(fetched.body()).isEqualTo(bytes);
        assertThat(fetched.headers().firstValue("Content-Disposition").orElse(""))
                .contains("js.bin");
    }

    @Test
    void a_chunk_with_a_wrong_checksum_does_not_count() throws Exception {
        byte[] bytes = random(1000);
        HttpResponse<String> created = http.send(
                tus(ANN, uri("/v1/uploads"))
                        .header("Upload-Length", "1000")
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("Upload-Expires")).isPresent();
        URI upload = uri(created.headers().firstValue("Location").orElseThrow());
        String right = "sha1 "
                + Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-1").digest(bytes));

        assertThat(patch(upload, 0, random(999), right).statusCode()).isEqualTo(460);
        assertThat(offset(upload)).isEqualTo(0);
        assertThat(patch(upload, 7, bytes, right).statusCode()).isEqualTo(409);
        assertThat(patch(upload, 0, bytes, right).statusCode()).isEqualTo(204);
        assertThat(offset(upload)).isEqualTo(1000);
        assertThat(http.send(
                                tus(MALLORY, upload)
                                        .method("HEAD", BodyPublishers.noBody())
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void an_upload_is_given_up() throws Exception {
        URI upload = uri(http.send(
                        tus(ANN, uri("/v1/uploads"))
                                .header("Upload-Length", "1000")
                                .POST(BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString())
                .headers()
                .firstValue("Location")
                .orElseThrow());
        String id = upload.getPath().substring("/v1/uploads/".length());
        HttpResponse<String> half = http.send(
                tus(ANN, upload)
                        .header("Upload-Offset", "0")
                        .header("Content-Type", "application/offset+octet-stream")
                        .method("PATCH", BodyPublishers.ofByteArray(random(500)))
                        .build(),
                BodyHandlers.ofString());
        assertThat(half.statusCode()).isEqualTo(204);
        assertThat(files(id)).isEqualTo(1);
        assertThat(get(id, ANN).statusCode()).as("it is no attachment yet").isEqualTo(404);

        assertThat(http.send(tus(ANN, upload).DELETE().build(), BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(204);
        assertThat(files(id)).isEqualTo(0);
    }

    @Test
    void a_link_works_without_a_token_as_it_is_and_not_otherwise() throws Exception {
        byte[] bytes = picture(800, 400, "jpg");
        String id = upload(ANN, bytes, "image/jpeg");
        HttpResponse<String> made = http.send(
                HttpRequest.newBuilder(uri("/v1/attachments/" + id + "/link?seconds=600&size=100"))
                        .header("Authorization", "Bearer " + token(ANN))
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        JsonObject link = JsonParser.parseString(made.body()).getAsJsonObject();
        String url = link.get("url").getAsString();
        assertThat(Instant.parse(link.get("expiresAt").getAsString())).isAfter(Instant.now());

        HttpResponse<byte[]> fetched = anonymous(url);
        assertThat(fetched.statusCode()).isEqualTo(200);
        assertThat(ImageIO.read(new ByteArrayInputStream(fetched.body())).getWidth())
                .isEqualTo(100);
        assertThat(anonymous(url.replace("size=100", "size=101")).statusCode()).isEqualTo(403);
        assertThat(anonymous(url.replace("expires=", "expires=9")).statusCode()).isEqualTo(403);
        assertThat(anonymous(url.replace("/thumbnail", "")).statusCode()).isEqualTo(403);
        assertThat(anonymous(url + "&download=1").statusCode()).isEqualTo(403);
        assertThat(http.send(
                                HttpRequest.newBuilder(uri("/v1/attachments/" + id + "/link"))
                                        .header("Authorization", "Bearer " + token(MALLORY))
                                        .POST(BodyPublishers.noBody())
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(403);
    }

    private HttpResponse<byte[]> anonymous(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
    }

    @Test
    void pictures_have_thumbnails() throws Exception {
        String id = upload(ANN, picture(1200, 600, "png"), "image/png");

        HttpResponse<byte[]> thumbnail =
                http.send(request(id + "/thumbnail?size=320", ANN).build(), BodyHandlers.ofByteArray());

        assertThat(thumbnail.statusCode()).isEqualTo(200);
        BufferedImage small = ImageIO.read(new ByteArrayInputStream(thumbnail.body()));
        assertThat(List.of(small.getWidth(), small.getHeight())).containsExactly(320, 160);
        assertThat(get(id + "/thumbnail", MALLORY).statusCode()).isEqualTo(403);
        String bomb = upload(ANN, picture(5000, 2001, "png"), "image/png");
        assertThat(get(bomb + "/thumbnail", ANN).statusCode()).isEqualTo(413);
        assertThat(get(upload(ANN, random(10), ANYTHING) + "/thumbnail", ANN).statusCode())
                .isEqualTo(404);
    }

    /** Another service beside the one above, with settings of its own. */
    private final class Service implements AutoCloseable {
        private final Media media;
        private final HistoryServer server;

        Service(MediaSettings settings) throws IOException {
            sweeper.close();
            PrometheusMeterRegistry registry = ProcessMetrics.registry("history");
            media = Media.open(settings, session, KEYSPACE, LONG, registry);
            media.sweep();
            server = serve(media, registry);
        }

        HttpRequest.Builder request(String path, UserId user) {
            return HttpRequest.newBuilder(address(path)).header("Authorization", "Bearer " + token(user));
        }

        URI address(String path) {
            return URI.create("http://127.0.0.1:" + server.port() + path);
        }

        HttpResponse<String> post(String path, UserId user, HttpRequest.BodyPublisher body) throws Exception {
            return http.send(
                    request(path, user)
                            .header("Content-Type", ANYTHING)
                            .POST(body)
                            .build(),
                    BodyHandlers.ofString());
        }

        @Override
        public void close() throws IOException {
            server.close();
            media.close();
            startSweeping();
        }
    }

    private MediaSettings settings(
            Path files, int uploads, int downloads, long bytesPerSecond, Optional<S3Settings> s3) {
        MediaSettings usual = mediaSettings();
        return new MediaSettings(
                files,
                0,
                16 << 20,
                usual.bytesPerHour(),
                1L << 30,
                LONG,
                LONG,
                Duration.ofMillis(1),
                Duration.ofMillis(200),
                usual.thumbnailPixels(),
                1,
                usual.linkKey(),
                LONG,
                uploads,
                downloads,
                bytesPerSecond,
                s3,
                Optional.empty());
    }

    private static String text(HttpResponse<String> answer, String field) {
        return JsonParser.parseString(answer.body())
                .getAsJsonObject()
                .get(field)
                .getAsString();
    }

    @Test
    void a_full_disk_refuses_uploads_leaves_nothing_and_serves_again() throws Exception {
        Path disk = Files.createDirectories(directory.resolve("disk"));
        Disk.assumeMounted(disk, "8m");
        try (Service service = new Service(settings(disk, 8, 16, FAST, Optional.empty()))) {
            String first =
                    text(service.post("/v1/attachments", ANN, BodyPublishers.ofByteArray(random(5 << 20))), "id");

            HttpResponse<String> told =
                    service.post("/v1/attachments", ANN, BodyPublishers.ofByteArray(random(4 << 20)));
            assertThat(told.statusCode()).isEqualTo(507);
            assertThat(told.body()).contains("UNAVAILABLE", "no room");
            // Nobody knows how large it is before the disk is full.
            HttpRequest.Builder endless = service.request("/v1/attachments", ANN)
                    .header("Content-Type", ANYTHING)
                    .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(random(4 << 20))));
            assertThat(status(endless)).isEqualTo(507);
            await().atMost(LIMIT).until(() -> count(disk.resolve("uploads")) == 0);
            URI upload = service.address(http.send(
                            service.request("/v1/uploads", ANN)
                                    .header("Tus-Resumable", "1.0.0")
                                    .header("Upload-Length", "2000000")
                                    .POST(BodyPublishers.noBody())
                                    .build(),
                            BodyHandlers.ofString())
                    .headers()
                    .firstValue("Location")
                    .orElseThrow());
            String second =
                    text(service.post("/v1/attachments", ANN, BodyPublishers.ofByteArray(random(2 << 20))), "id");
            HttpRequest.Builder patch = tus(ANN, upload)
                    .header("Upload-Offset", "0")
                    .header("Content-Type", "application/offset+octet-stream")
                    .method("PATCH", BodyPublishers.ofByteArray(random(2_000_000)));
            assertThat(status(patch)).isEqualTo(507);
            long came = offset(upload);
            assertThat(came).as("what fitted").isLessThan(2_000_000);
            assertThat(count(disk.resolve("uploads"))).isEqualTo(1);

            write("ann~ben", message(31, ANN, first), message(32, ANN, second), deletion(33, 31));
            await().atMost(LIMIT)
                    .until(() -> http.send(
                                            service.request("/v1/attachments/" + first, ANN)
                                                    .build(),
                                            BodyHandlers.discarding())
                                    .statusCode()
                            == 404);
            await().atMost(LIMIT).until(() -> Files.getFileStore(disk).getUsableSpace() > (4 << 20));
            HttpResponse<String> rest = http.send(
                    tus(ANN, upload)
                            .header("Upload-Offset", Long.toString(came))
                            .header("Content-Type", "application/offset+octet-stream")
                            .method(
                                    "PATCH",
                                    BodyPublishers.ofByteArray(
                                            Arrays.copyOfRange(random(2_000_000), (int) came, 2_000_000)))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(rest.statusCode()).isEqualTo(204);
            assertThat(count(disk.resolve("uploads"))).isZero();
        } finally {
            Disk.unmount(disk);
        }
    }

    @Test
    void an_account_sends_and_fetches_only_so_much_at_once() throws Exception {
        int perSecond = 100_000;
        try (Service service = new Service(settings(directory.resolve("media"), 1, 1, perSecond, Optional.empty()))) {
            String id = upload(ANN, random(300_000), ANYTHING);
            try (Socket first = half(service, ANN)) {
                await().atMost(LIMIT).until(() -> allFilesIn("uploads") > 0);
                HttpResponse<String> second =
                        service.post("/v1/attachments", ANN, BodyPublishers.ofByteArray(random(10)));
                assertThat(second.statusCode()).isEqualTo(429);
                assertThat(second.headers().firstValue("Retry-After")).isPresent();
                assertThat(service.post("/v1/attachments", BEN, BodyPublishers.ofByteArray(random(10)))
                                .statusCode())
                        .as("another account")
                        .isEqualTo(201);
                first.shutdownOutput();
            }
            await().atMost(LIMIT).until(() -> allFilesIn("uploads") == 0);
            assertThat(service.post("/v1/attachments", ANN, BodyPublishers.ofByteArray(random(10)))
                            .statusCode())
                    .isEqualTo(201);

            long beginNanos = System.nanoTime();
            var slow = http.sendAsync(
                            service.request("/v1/attachments/" + id, ANN).build(), BodyHandlers.ofInputStream())
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(http.send(service.request("/v1/attachments/" + id, ANN).build(), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(429);
            assertThat(slow.body().readAllBytes()).isEqualTo(random(300_000));
            assertThat(Duration.ofNanos(System.nanoTime() - beginNanos))
                    .as("the burst and what comes back in two seconds")
                    .isGreaterThan(Duration.ofMillis(1500));
        }
    }

    /** An upload of which half has come. */
    private Socket half(Service service, UserId user) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.server.port());
        OutputStream out = socket.getOutputStream();
        out.write(("POST /v1/attachments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token(user)
                        + "\r\nContent-Type: " + ANYTHING + "\r\nContent-Length: 100000\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(random(50_000));
        out.flush();
        return socket;
    }

    private Optional<S3Settings> bucket(S3Process s3) throws Exception {
        Path credentials = Files.writeString(
                directory.resolve("credentials"),
                "[default]\naws_access_key_id = someone\naws_secret_access_key = something\n");
        return Optional.of(new S3Settings(
                "attachments",
                "us-east-1",
                Optional.of(s3.endpoint()),
                true,
                Optional.of(credentials),
                5 << 20,
                true,
                Optional.empty()));
    }

    @Test
    void attachments_lie_in_a_bucket() throws Exception {
        try (Service service = new Service(settings(directory.resolve("far"), 8, 16, FAST, bucket(s3)))) {
            byte[] small = picture(600, 300, "png");
            HttpResponse<String> uploaded = http.send(
                    service.request("/v1/attachments", ANN)
                            .header("Content-Type", "image/png")
                            .POST(BodyPublishers.ofByteArray(small))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(201);
            String picture = text(uploaded, "id");
            byte[] large = random(11_000_000);
            String id = TusClients.java(service.address("/v1/uploads"), token(ANN), large, ANYTHING);

            assertThat(fetched(service, picture, ANN)).isEqualTo(small);
            assertThat(fetched(service, id, ANN)).isEqualTo(large);
            HttpResponse<byte[]> part = http.send(
                    service.request("/v1/attachments/" + id, ANN)
                            .header("Range", "bytes=6000000-6000009")
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(part.statusCode()).isEqualTo(206);
            assertThat(part.body()).isEqualTo(Arrays.copyOfRange(large, 6_000_000, 6_000_010));
            byte[] thumbnail = fetched(service, picture + "/thumbnail?size=64", ANN);
            assertThat(ImageIO.read(new ByteArrayInputStream(thumbnail)).getWidth())
                    .isEqualTo(64);
            HttpResponse<String> link = service.post(
                    "/v1/attachments/" + id + "/link?seconds=60&direct=true", ANN, BodyPublishers.noBody());
            assertThat(text(link, "url")).startsWith(s3.endpoint().toString());
            assertThat(anonymous(text(link, "url")).body()).isEqualTo(large);

            write("ann~ben", message(41, ANN, id, picture), deletion(42, 41));
            for (String gone : List.of(id, picture, picture + "/thumbnail?size=64")) {
                await().atMost(LIMIT)
                        .until(() -> http.send(
                                                service.request("/v1/attachments/" + gone, ANN)
                                                        .build(),
                                                BodyHandlers.discarding())
                                        .statusCode()
                                == 404);
            }
            await().atMost(LIMIT).until(() -> anonymous(text(link, "url")).statusCode() == 404);
            assertThat(service.post("/v1/attachments?sha256=" + "0".repeat(64), ANN, BodyPublishers.ofByteArray(large))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(count(directory.resolve("far").resolve("scratch"))).isZero();
        }
    }

    @Test
    void a_client_uploads_to_the_bucket_by_itself_and_confirms() throws Exception {
        try (Service service = new Service(settings(directory.resolve("far"), 8, 16, FAST, bucket(s3)))) {
            byte[] bytes = picture(100, 100, "png");
            String wish = "/v1/attachments/direct?size=" + bytes.length + "&sha256=" + sha256(bytes);
            JsonObject begun = begin(service, wish);
            String id = begun.get("id").getAsString();
            String confirm = "/v1/attachments/" + id + "/confirm";
            assertThat(service.post(confirm, ANN, BodyPublishers.noBody()).statusCode())
                    .as("nothing has come")
                    .isEqualTo(409);
            put(begun, bytes);
            assertThat(service.post(confirm, MALLORY, BodyPublishers.noBody()).statusCode())
                    .isEqualTo(404);
            assertThat(http.send(service.request("/v1/attachments/" + id, ANN).build(), BodyHandlers.discarding())
                            .statusCode())
                    .as("it is not confirmed")
                    .isEqualTo(404);

            HttpResponse<String> confirmed = service.post(confirm, ANN, BodyPublishers.noBody());

            assertThat(confirmed.statusCode()).as(confirmed.body()).isEqualTo(200);
            assertThat(text(confirmed, "sha256")).isEqualTo(sha256(bytes));
            assertThat(fetched(service, id, ANN)).isEqualTo(bytes);
            put(begun, random(bytes.length));
            assertThat(fetched(service, id, ANN)).as("whoever has the address").isEqualTo(bytes);

            JsonObject other = begin(service, wish);
            put(other, random(bytes.length));
            String refused = "/v1/attachments/" + other.get("id").getAsString() + "/confirm";
            assertThat(service.post(refused, ANN, BodyPublishers.noBody()).statusCode())
                    .as("the bytes are others")
                    .isEqualTo(400);
            assertThat(service.post(refused, ANN, BodyPublishers.noBody()).statusCode())
                    .as("nothing is left")
                    .isEqualTo(404);
            JsonObject longer = begin(service, wish);
            put(longer, random(bytes.length + 1));
            assertThat(service.post(
                                    "/v1/attachments/" + longer.get("id").getAsString() + "/confirm",
                                    ANN,
                                    BodyPublishers.noBody())
                            .statusCode())
                    .isEqualTo(400);
        }
        assertThat(http.send(post(ANN, new byte[0], ANYTHING, "/direct?size=3").build(), BodyHandlers.discarding())
                        .statusCode())
                .as("a directory takes none")
                .isEqualTo(404);
    }

    private JsonObject begin(Service service, String wish) throws Exception {
        HttpResponse<String> begun = http.send(
                service.request(wish, ANN)
                        .header("Content-Type", "image/png")
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
        return JsonParser.parseString(begun.body()).getAsJsonObject();
    }

    private void put(JsonObject begun, byte[] bytes) throws Exception {
        URI to = URI.create(begun.get("url").getAsString());
        HttpRequest put = HttpRequest.newBuilder(to)
                .PUT(BodyPublishers.ofByteArray(bytes))
                .build();
        assertThat(http.send(put, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    }

    private byte[] fetched(Service service, String id, UserId user) throws Exception {
        HttpResponse<byte[]> answer =
                http.send(service.request("/v1/attachments/" + id, user).build(), BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void a_heap_of_128_mib_is_enough_for_large_files_by_each_store() throws Exception {
        try (SmallService files = SmallService.start(
                        directory.resolve("small-files"), cassandra.address(), keys.jwks(), Map.of());
                SmallService far = SmallService.start(
                        directory.resolve("small-far"),
                        cassandra.address(),
                        keys.jwks(),
                        Map.of(
                                "PARLEY_MEDIA_STORE", "s3",
                                "PARLEY_MEDIA_S3_BUCKET", "attachments",
                                "PARLEY_MEDIA_S3_PATH_STYLE", "true",
                                "PARLEY_MEDIA_S3_ENDPOINT", s3.endpoint().toString(),
                                "AWS_ACCESS_KEY_ID", "someone",
                                "AWS_SECRET_ACCESS_KEY", "something"))) {
            for (SmallService each : List.of(files, far)) {
                long bytes = (each == far ? BUCKET_MIB : FILE_MIB) << 20;
                URI address = each.address();
                HttpResponse<String> uploaded = http.send(
                        HttpRequest.newBuilder(address.resolve("/v1/attachments"))
                                .header("Authorization", "Bearer " + token(ANN))
                                .POST(BodyPublishers.ofInputStream(() -> new Zeros(bytes)))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(201);
                assertThat(text(uploaded, "size")).isEqualTo(Long.toString(bytes));
                HttpResponse<InputStream> back = http.send(
                        HttpRequest.newBuilder(address.resolve("/v1/attachments/" + text(uploaded, "id")))
                                .header("Authorization", "Bearer " + token(ANN))
                                .build(),
                        BodyHandlers.ofInputStream());
                try (InputStream in = back.body()) {
                    assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(bytes);
                }
            }
        }
    }

    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long length) {
            this.left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] to, int from, int length) {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(length, left);
            Arrays.fill(to, from, from + count, (byte) 0);
            left -= count;
            return count;
        }
    }

    private String group(UserId owner, UserId member) throws Exception {
        String id = "g%012x".formatted(groups.incrementAndGet());
        write(
                id,
                event(1, owner)
                        .setGroupCreated(
                                GroupCreated.newBuilder().setName("team").addMembers(member.value()))
                        .build());
        return id;
    }

    private static ChatEvent.Builder event(int seq, UserId from) {
        return ChatEvent.newBuilder()
                .setSeq(seq)
                .setFrom(from.value())
                .setAt(Timestamps.fromMillis(System.currentTimeMillis() - 10_000 + seq));
    }

    private static ChatEvent message(int seq, UserId from, String... attachments) {
        ChatEvent.Builder message = event(seq, from).setId("m" + seq);
        for (String id : attachments) {
            message.addAttachments(Attachment.newBuilder().setId(id));
        }
        return message.build();
    }

    private static ChatEvent deletion(int seq, int deleted) {
        return event(seq, ANN).setDeleted(Deleted.newBuilder().setSeq(deleted)).build();
    }

    private static ChatEvent avatar(int seq, String attachment) {
        return event(seq, ANN)
                .setAvatarChanged(AvatarChanged.newBuilder()
                        .setAttachment(Attachment.newBuilder().setId(attachment)))
                .build();
    }

    private void write(String conversation, ChatEvent... events) throws Exception {
        List<LoggedEvent> logged = Stream.of(events)
                .map(event -> new LoggedEvent(
                        new SequencedEvent(event.getSeq(), event.toByteArray()), Keeping.getDefaultInstance()))
                .toList();
        writer.write(Map.of(ConversationId.parse(conversation), logged))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        tellThatAllIsWritten();
    }

    /** As a writer does again and again. */
    private void report() {
        if (writing) {
            var unused = progress.clock().thenCompose(now -> progress.report(Map.of(0, now), 1));
        }
    }

    private void tellThatAllIsWritten() throws Exception {
        Instant now = progress.clock().toCompletableFuture().get(30, TimeUnit.SECONDS);
        progress.report(Map.of(0, now), 1).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private String upload(UserId user, byte[] bytes, String type) throws Exception {
        HttpResponse<String> uploaded = http.send(post(user, bytes, type).build(), BodyHandlers.ofString());
        assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(201);
        return JsonParser.parseString(uploaded.body())
                .getAsJsonObject()
                .get("id")
                .getAsString();
    }

    private HttpRequest.Builder post(UserId user, byte[] bytes, String type) {
        return post(user, bytes, type, "");
    }

    private HttpRequest.Builder post(UserId user, byte[] bytes, String type, String query) {
        return HttpRequest.newBuilder(uri("/v1/attachments" + query))
                .header("Authorization", "Bearer " + token(user))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(bytes));
    }

    private int status(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private HttpRequest.Builder tus(UserId user, URI uri) {
        return HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + token(user))
                .header("Tus-Resumable", "1.0.0");
    }

    private HttpResponse<String> patch(URI upload, int offset, byte[] bytes, String checksum) throws Exception {
        return http.send(
                tus(ANN, upload)
                        .header("Upload-Offset", Integer.toString(offset))
                        .header("Upload-Checksum", checksum)
                        .header("Content-Type", "application/offset+octet-stream")
                        .method("PATCH", BodyPublishers.ofByteArray(bytes))
                        .build(),
                BodyHandlers.ofString());
    }

    private long offset(URI upload) throws Exception {
        HttpRequest head =
                tus(ANN, upload).method("HEAD", BodyPublishers.noBody()).build();
        return http.send(head, BodyHandlers.discarding())
                .headers()
                .firstValueAsLong("Upload-Offset")
                .orElse(-1);
    }

    private HttpResponse<byte[]> get(String id, UserId user) throws Exception {
        return http.send(request(id, user).build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String id, UserId user) {
        return HttpRequest.newBuilder(uri("/v1/attachments/" + id)).header("Authorization", "Bearer " + token(user));
    }

    private String token(UserId user) {
        return keys.sign(user, Duration.ofMinutes(10));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private long files(String id) throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve("media"))) {
            return all.filter(file -> file.getFileName().toString().startsWith(id))
                    .count();
        }
    }

    private long allFiles() throws IOException {
        return allFilesIn("uploads");
    }

    private long allFilesIn(String folder) throws IOException {
        return count(directory.resolve("media").resolve(folder));
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        // Not by chance the beginning of something known.
        bytes[0] = (byte) 0xF0;
        return bytes;
    }

    private static byte[] picture(int width, int height, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, out);
        return out.toByteArray();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
