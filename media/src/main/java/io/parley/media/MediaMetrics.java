package io.parley.media;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** Counts what happens to attachments. */
public final class MediaMetrics {
    private final MeterRegistry registry;
    private final Counter uploads;
    private final Counter stored;
    private final Counter fetched;
    private final Counter deleted;

    public MediaMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.uploads = counter("parley.media.uploads", "Uploads that became attachments");
        this.stored = counter("parley.media.stored.bytes", "Bytes of uploads that became attachments");
        this.fetched = counter("parley.media.fetched.bytes", "Bytes of attachments and thumbnails that were asked for");
        this.deleted = counter("parley.media.deleted", "Attachments and uploads that were deleted");
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    void uploaded(long bytes) {
        uploads.increment();
        stored.increment((double) bytes);
    }

    /** Somebody gets so many bytes. */
    public void fetched(long bytes) {
        fetched.increment((double) bytes);
    }

    void deleted() {
        deleted.increment();
    }

    /** A request for attachments was refused. */
    public void refused(MediaRefusal refusal) {
        Counter.builder("parley.media.refusals")
                .description("Uploads and requests for attachments that were refused, by code")
                .tag("code", refusal.code().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
    }
}
