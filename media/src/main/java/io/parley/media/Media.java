package io.parley.media;

import com.datastax.oss.driver.api.core.CqlSession;
import io.micrometer.core.instrument.MeterRegistry;
import io.parley.protocol.wire.ErrorCode;
import io.parley.storage.AttachmentChecks;
import io.parley.storage.AttachmentRights;
import io.parley.storage.AttachmentRows;
import io.parley.storage.StoredAttachment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attachments of one process: uploads, bytes, thumbnails. Bounded: what does not fit into its queues is refused. */
public final class Media implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Media.class);
    private static final int THREADS = 4;
    private static final int QUEUE = 256;
    private static final int STREAMS = 8;
    private static final int STREAM_QUEUE = 4096;
    private static final int THUMBNAIL_QUEUE = 32;
    /** Of these sizes thumbnails are kept, others are made each time. */
    private static final Set<Integer> KEPT_SIZES = Set.of(64, 96, 128, 160, 256, 320, 480, 512, 640, 720, 800, 1024);
    /** A message is stored well within that, unless Cassandra is slow. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final MediaSettings settings;
    private final BlobStore blobs;
    private final UploadStore files;
    private final Optional<S3Links> direct;
    private final DownloadLimits downloads;
    private final Uploads uploads;
    private final AttachmentRights rights;
    private final AttachmentRows rows;
    private final AttachmentChecks checks;
    private final MediaMetrics metrics;
    private final Thumbnails thumbnails;
    private final ExecutorService working;
    private final ThreadPoolExecutor streaming;
    private final ExecutorService drawing;
    private volatile boolean closed;

    private Media(MediaSettings settings, Stores stores, Cassandra cassandra, MediaMetrics metrics) {
        this.settings = settings;
        this.blobs = stores.blobs();
        this.files = stores.uploads();
        this.direct = stores.links();
        this.rights = cassandra.rights();
        this.rows = cassandra.rows();
        this.checks = cassandra.checks();
        this.metrics = metrics;
        this.working = pool("media", THREADS, QUEUE);
        this.streaming = pool("media-bytes", STREAMS, STREAM_QUEUE);
        // A request that began must come to its end: who brought the bytes does the work itself.
        this.streaming.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
        this.drawing = pool("thumbnails", settings.thumbnailsAtOnce(), THUMBNAIL_QUEUE);
        this.thumbnails = new Thumbnails(settings.thumbnailPixels());
        this.downloads = new DownloadLimits(settings.downloadBytesPerSecond(), settings.parallelDownloads());
        this.uploads = new Uploads(settings, rows, files, direct, checks, blobs, working, metrics);
    }

    private record Cassandra(AttachmentRights rights, AttachmentRows rows, AttachmentChecks checks) {}

    /** @param links empty if clients are not sent to the store */
    private record Stores(BlobStore blobs, UploadStore uploads, Optional<S3Links> links) {
        static Stores open(MediaSettings settings) throws IOException {
            Path directory = Files.createDirectories(settings.directory());
            if (settings.s3().isPresent()) {
                return open(settings, settings.s3().get());
            }
            BlobStore blobs = new DirectoryStore(directory.resolve("blobs"), settings.reserve());
            return new Stores(blobs, new UploadFiles(directory.resolve("uploads"), blobs), Optional.empty());
        }

        private static Stores open(MediaSettings settings, S3Settings s3) throws IOException {
            Scratch scratch = new Scratch(settings.directory().resolve("scratch"));
            S3Bucket bucket = new S3Bucket(s3);
            try {
                bucket.check();
            } catch (IOException | RuntimeException e) {
                bucket.close();
                throw e;
            }
            return new Stores(
                    new S3Store(bucket, scratch, settings.reserve()),
                    new S3Uploads(bucket, scratch, s3.partBytes()),
                    s3.direct() ? Optional.of(new S3Links(s3)) : Optional.empty());
        }
    }

    /**
     * Opens the store. The tables must exist, and the bucket if there is one.
     *
     * @param longestBehind how far the stored history may be behind the log when it decides who is in a group
     */
    public static Media open(
            MediaSettings settings, CqlSession session, String keyspace, Duration longestBehind, MeterRegistry registry)
            throws IOException {
        Cassandra cassandra = new Cassandra(
                new AttachmentRights(session, keyspace, longestBehind, PATIENCE),
                new AttachmentRows(session, keyspace),
                new AttachmentChecks(session, keyspace));
        return new Media(settings, Stores.open(settings), cassandra, new MediaMetrics(registry));
    }

    private static ThreadPoolExecutor pool(String name, int threads, int queue) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queue), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Begins to delete what is needed no more, again and again in a thread of its own. */
    public void sweep() {
        Sweeper sweeper = new Sweeper(settings, rows, checks, rights, uploads);
        Thread thread = new Thread(() -> sweep(sweeper), "media-sweeper");
        thread.setDaemon(true);
        thread.start();
    }

    private void sweep(Sweeper sweeper) {
        while (!closed) {
            try {
                sweeper.sweep();
                TimeUnit.MILLISECONDS.sleep(settings.sweepEvery().toMillis());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.warn("attachments are not checked now", e);
                }
            }
        }
    }

    public MediaSettings settings() {
        return settings;
    }

    public Uploads uploads() {
        return uploads;
    }

    public AttachmentRights rights() {
        return rights;
    }

    public AttachmentRows rows() {
        return rows;
    }

    public MediaMetrics metrics() {
        return metrics;
    }

    public DownloadLimits downloads() {
        return downloads;
    }

    /** Reads and writes the bytes of requests: the store may be slow, and no thread of the network waits for it. */
    public Executor streaming() {
        return streaming;
    }

    /**
     * A signed address in the bucket.
     *
     * @param disposition whether it is shown or saved, and under which name
     * @return empty if clients are not sent there
     */
    public Optional<S3Links.Address> address(StoredAttachment attachment, String disposition, Duration validity) {
        return direct.map(
                links -> links.get(S3Store.PREFIX + attachment.id(), attachment.contentType(), disposition, validity));
    }

    /** Bytes of a short answer: later if the account is too fast. Fails with a {@link MediaRefusal} if it is much too fast. */
    public CompletionStage<byte[]> paced(String account, byte[] bytes) {
        Duration wait;
        try {
            wait = downloads.take(account, bytes.length);
        } catch (MediaRefusal e) {
            return CompletableFuture.failedFuture(e);
        }
        return wait.isZero()
                ? CompletableFuture.completedFuture(bytes)
                : CompletableFuture.supplyAsync(
                        () -> bytes,
                        CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS, streaming));
    }

    /**
     * Bytes to be read; to be closed.
     *
     * @param contentType of the bytes
     * @param size of all of them, also if not all are read
     * @param bytes from the offset on that was asked for
     */
    public record Content(String contentType, long size, InputStream bytes) {}

    /** The bytes of an attachment, from an offset on. Waits for the store on a thread of its own. */
    public CompletionStage<Content> content(StoredAttachment attachment, long offset) {
        return run(
                working,
                () -> new Content(attachment.contentType(), attachment.size(), blobs.read(attachment.id(), offset)));
    }

    /**
     * A thumbnail of a picture.
     *
     * @param size of its longer side, in pixels
     * @return fails with a {@link MediaRefusal} if there can be none
     */
    public CompletionStage<Content> thumbnail(StoredAttachment attachment, int size) {
        if (size < Thumbnails.SMALLEST || size > Thumbnails.LARGEST) {
            return CompletableFuture.failedFuture(new MediaRefusal(
                    ErrorCode.BAD_REQUEST,
                    "size of a thumbnail is from " + Thumbnails.SMALLEST + " to " + Thumbnails.LARGEST));
        }
        if (!attachment.contentType().startsWith("image/")) {
            return CompletableFuture.failedFuture(
                    new MediaRefusal(ErrorCode.NOT_FOUND, "there are thumbnails of pictures only"));
        }
        return run(working, () -> kept(attachment, size))
                .thenCompose(kept -> kept.size() >= 0
                        ? CompletableFuture.completedFuture(kept)
                        : run(drawing, () -> made(attachment, size)));
    }

    /** @return one without a size if it has to be made */
    private Content kept(StoredAttachment attachment, int size) throws IOException {
        for (String type : new String[] {"image/jpeg", "image/png"}) {
            String key = key(attachment, size, type);
            long bytes = blobs.size(key);
            if (bytes >= 0) {
                return new Content(type, bytes, blobs.read(key, 0));
            }
        }
        return new Content("", -1, InputStream.nullInputStream());
    }

    private static String key(StoredAttachment attachment, int size, String type) {
        return attachment.id() + "." + type.charAt("image/".length()) + size;
    }

    private Content made(StoredAttachment attachment, int size) throws IOException {
        Path picture = files.temporary();
        Path small = files.temporary();
        try {
            try (InputStream in = blobs.read(attachment.id(), 0);
                    OutputStream out = Files.newOutputStream(picture)) {
                in.transferTo(out);
            }
            String type;
            try (OutputStream out = Files.newOutputStream(small)) {
                type = thumbnails.write(picture, size, out);
            }
            if (KEPT_SIZES.contains(size)) {
                String key = key(attachment, size, type);
                long bytes = Files.size(small);
                blobs.put(key, small);
                return new Content(type, bytes, blobs.read(key, 0));
            }
            byte[] bytes = Files.readAllBytes(small);
            return new Content(type, bytes.length, new java.io.ByteArrayInputStream(bytes));
        } finally {
            Files.deleteIfExists(picture);
            Files.deleteIfExists(small);
        }
    }

    private interface Task<T> {
        T run() throws IOException;
    }

    private static <T> CompletableFuture<T> run(ExecutorService on, Task<T> task) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return task.run();
                        } catch (java.nio.file.NoSuchFileException e) {
                            throw MediaRefusal.missing();
                        } catch (IOException e) {
                            throw new CompletionException(e);
                        }
                    },
                    on);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new MediaRefusal(
                    ErrorCode.UNAVAILABLE, "too much is asked of the server at once: try again later"));
        }
    }

    @Override
    public void close() {
        closed = true;
        working.shutdownNow();
        drawing.shutdownNow();
        streaming.shutdownNow();
        direct.ifPresent(S3Links::close);
        blobs.close();
    }
}
