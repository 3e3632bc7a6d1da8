package io.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.standalone.s3.S3Process;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of stores, before a server that speaks the protocol of S3. */
@SuppressWarnings("NullAway.Init")
final class S3StoreIT extends StoreContract {
    private static final String BUCKET = "attachments";

    @TempDir
    private static Path directory;

    private static S3Process server;
    private static S3Settings settings;
    private static S3Bucket bucket;
    private static Scratch scratch;

    @BeforeAll
    static void start() throws Exception {
        server = S3Process.start(directory, BUCKET);
        Path credentials = Files.writeString(
                directory.resolve("credentials"),
                "[default]\naws_access_key_id = someone\naws_secret_access_key = something\n");
        scratch = new Scratch(directory.resolve("scratch"));
        settings = settings(credentials, server.endpoint(), BUCKET);
        bucket = new S3Bucket(settings);
        bucket.check();
    }

    private static S3Settings settings(Path credentials, URI endpoint, String bucket) {
        return new S3Settings(
                bucket,
                "us-east-1",
                Optional.of(endpoint),
                true,
                Optional.of(credentials),
                PART,
                true,
                Optional.empty());
    }

    @AfterAll
    static void stop() {
        bucket.close();
        server.close();
    }

    @Override
    BlobStore blobs() {
        return new S3Store(bucket, scratch, 0);
    }

    @Override
    UploadStore uploads() {
        return new S3Uploads(bucket, scratch, PART);
    }

    /** Also temporary files on this machine. */
    @Override
    long traces(String upload) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("scratch"))) {
            return bucket.list("uploads/" + upload + "/").size()
                    + bucket.multiparts(S3Uploads.wholeKey(upload)).size()
                    + files.count();
        }
    }

    @Test
    void bytes_that_were_acknowledged_outlast_an_older_connection_of_another_process() throws Exception {
        UploadStore.Appending old = uploads().append(id, 0, false);
        write(old, new byte[] {1, 2});
        append(uploads(), 0, new byte[] {1, 2, 3, 4});
        append(uploads(), 4, new byte[] {5});

        old.close();

        UploadStore uploads = uploads();
        assertThat(uploads.offset(id)).isEqualTo(5);
        append(uploads, 5, new byte[] {6});
        try (UploadStore.Whole whole = uploads.whole(id)) {
            whole.keep(id);
        }
        assertThat(read(blobs(), id, 0)).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void two_processes_that_send_parts_of_the_same_upload_agree_on_one() throws Exception {
        byte[] bytes = random(2 * PART);
        UploadStore.Appending old = uploads().append(id, 0, false);
        append(uploads(), 0, bytes);
        write(old, java.util.Arrays.copyOf(bytes, PART + 5));
        old.close();

        UploadStore uploads = uploads();
        assertThat(uploads.offset(id)).isEqualTo(bytes.length);
        try (UploadStore.Whole whole = uploads.whole(id)) {
            whole.keep(id);
        }
        assertThat(read(blobs(), id, 0)).isEqualTo(bytes);
        assertThat(traces(id)).isZero();
    }

    @Test
    void a_client_sends_and_fetches_by_signed_addresses() throws Exception {
        byte[] bytes = random(1000);
        HttpClient http = HttpClient.newHttpClient();
        try (S3Links links = new S3Links(settings)) {
            S3Links.Address to = links.put(S3Uploads.wholeKey(id), bytes.length, Duration.ofHours(1));
            assertThat(to.headers()).containsOnlyKeys("content-length");
            assertThat(to.expires()).isBetween(Instant.now(), Instant.now().plus(Duration.ofHours(1)));
            HttpRequest put = HttpRequest.newBuilder(to.url())
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                    .build();
            assertThat(http.send(put, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);

            UploadStore uploads = uploads();
            assertThat(uploads.offset(id)).isEqualTo(bytes.length);
            try (UploadStore.Whole whole = uploads.whole(id)) {
                whole.keep(id);
            }
            URI from = links.get(S3Store.PREFIX + id, "text/plain", "attachment", Duration.ofDays(30))
                    .url();
            HttpResponse<byte[]> fetched = http.send(
                    HttpRequest.newBuilder(from).header("Range", "bytes=10-19").build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(fetched.statusCode()).isEqualTo(206);
            assertThat(fetched.body()).isEqualTo(java.util.Arrays.copyOfRange(bytes, 10, 20));
            assertThat(fetched.headers().firstValue("Content-Type")).contains("text/plain");
        }
    }

    @Test
    void bytes_that_change_after_they_were_checked_do_not_become_a_blob() throws Exception {
        UploadStore uploads = uploads();
        bucket.put(S3Uploads.wholeKey(id), Files.write(scratch.file(), new byte[] {1}));
        UploadStore.Whole whole = uploads.whole(id);
        bucket.put(S3Uploads.wholeKey(id), Files.write(scratch.file(), new byte[] {2}));

        assertThatThrownBy(() -> whole.keep(id)).isInstanceOf(NoSuchFileException.class);
        assertThat(blobs().size(id)).isEqualTo(-1);
        uploads.delete(id);
        try (Stream<Path> files = Files.list(directory.resolve("scratch"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void a_bucket_that_is_missing_or_out_of_reach_is_a_failure() throws Exception {
        Path credentials = settings.credentials().orElseThrow();
        URI nowhere = URI.create("http://127.0.0.1:1");
        try (S3Bucket none = new S3Bucket(settings(credentials, server.endpoint(), "nosuchbucket"));
                S3Bucket lost = new S3Bucket(settings(credentials, nowhere, BUCKET))) {
            assertThatThrownBy(none::check).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> new S3Uploads(lost, scratch, PART).append(id, 0, false))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("S3 cannot be reached");
        }
    }
}
