package io.parley.media;

import io.parley.runtime.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of attachments.
 *
 * @param directory of the files
 * @param reserve bytes of the file system that stay free
 * @param mostBytes of one attachment
 * @param bytesPerHour that a user may upload, 64 KiB at least for each upload
 * @param bytesOfUser that the attachments of one user may have together
 * @param uploadExpiry how long an upload may take
 * @param unreferencedExpiry when an attachment goes that no message shows
 * @param releasedAfter how long after it was last named an attachment goes that messages showed
 * @param sweepEvery how often is seen what is to go
 * @param thumbnailPixels of the largest picture of which thumbnails are made
 * @param thumbnailsAtOnce how many are made at once
 * @param linkKey the file of the key of signed links
 * @param longestLink how long a signed link is good at most
 * @param parallelUploads that a user may send at once, on each process
 * @param parallelDownloads that an account may have at once, on each process
 * @param downloadBytesPerSecond that an account gets, on each process
 * @param s3 where the attachments are; empty: in the directory
 * @param publicUrl where this server is for who gets a link; empty: where it was asked
 */
public record MediaSettings(
        Path directory,
        long reserve,
        long mostBytes,
        long bytesPerHour,
        long bytesOfUser,
        Duration uploadExpiry,
        Duration unreferencedExpiry,
        Duration releasedAfter,
        Duration sweepEvery,
        long thumbnailPixels,
        int thumbnailsAtOnce,
        Path linkKey,
        Duration longestLink,
        int parallelUploads,
        int parallelDownloads,
        long downloadBytesPerSecond,
        Optional<S3Settings> s3,
        Optional<String> publicUrl) {
    /** What a message says of an attachment has no room for more. */
    private static final long MOST_BYTES = Integer.MAX_VALUE;
    /** A buffer of an answer in a second. */
    private static final long LEAST_SPEED = 32 * 1024;
    /** The token bucket counts no faster. */
    private static final long MOST_SPEED = 1_000_000_000;

    /** Reads {@code parley.media}. */
    public static MediaSettings from(Settings settings) {
        Path directory = Path.of(settings.text("parley.media.directory"));
        return new MediaSettings(
                directory,
                bytes(settings, "parley.media.reserve", 0, Long.MAX_VALUE),
                bytes(settings, "parley.media.max-bytes", 1, MOST_BYTES),
                bytes(settings, "parley.media.bytes-per-hour", 1, Long.MAX_VALUE / 2),
                bytes(settings, "parley.media.bytes-of-a-user", 1, Long.MAX_VALUE / 2),
                duration(settings, "parley.media.upload-expiry"),
                duration(settings, "parley.media.unreferenced-expiry"),
                duration(settings, "parley.media.released-after"),
                duration(settings, "parley.media.sweep-every"),
                settings.wholeNumber("parley.media.thumbnails.pixels", 1, 1_000_000_000),
                settings.integer("parley.media.thumbnails.at-once", 1, 64),
                settings.optionalText("parley.media.links.key")
                        .map(Path::of)
                        .orElseGet(() -> directory.resolve("link.key")),
                duration(settings, "parley.media.links.longest"),
                settings.integer("parley.media.parallel-uploads", 1, 10_000),
                settings.integer("parley.media.parallel-downloads", 1, 10_000),
                bytes(settings, "parley.media.download-bytes-per-second", LEAST_SPEED, MOST_SPEED),
                S3Settings.from(settings),
                settings.optionalText("parley.media.links.public-url"));
    }

    private static Duration duration(Settings settings, String key) {
        Duration value = settings.duration(key);
        if (value.toMillis() < 1) {
            throw settings.bad(key, "must be 1ms or more");
        }
        return value;
    }

    private static long bytes(Settings settings, String key, long least, long most) {
        long value = settings.bytes(key);
        if (value < least || value > most) {
            throw settings.bad(key, "must be " + least + " to " + most + " bytes");
        }
        return value;
    }
}
