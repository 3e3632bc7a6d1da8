package io.parley.media;

import io.parley.runtime.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where attachments are if they are in S3, or in what speaks its protocol.
 *
 * @param bucket that exists already
 * @param region of the bucket
 * @param endpoint of the server; empty: that of AWS in the region
 * @param pathStyle whether the bucket is named in the path and not in the host
 * @param credentials a file in the format of {@code ~/.aws/credentials}; empty: the SDK looks for them in its usual places
 * @param partBytes of which the parts of an upload are; S3 takes no less than 5 MiB
 * @param direct whether clients are sent to the bucket with signed addresses
 * @param directEndpoint of the server as clients reach it; empty: the endpoint
 */
public record S3Settings(
        String bucket,
        String region,
        Optional<URI> endpoint,
        boolean pathStyle,
        Optional<Path> credentials,
        int partBytes,
        boolean direct,
        Optional<URI> directEndpoint) {
    private static final int LEAST_PART = 5 << 20;
    private static final int MOST_PART = 64 << 20;

    /** Reads {@code parley.media.s3}; empty if the store is a directory. */
    static Optional<S3Settings> from(Settings settings) {
        String store = settings.text("parley.media.store");
        if (store.equals("directory")) {
            return Optional.empty();
        }
        if (!store.equals("s3")) {
            throw settings.bad("parley.media.store", "must be directory or s3");
        }
        String bucket = settings.optionalText("parley.media.s3.bucket")
                .orElseThrow(() -> settings.bad("parley.media.s3.bucket", "must name a bucket if the store is s3"));
        long part = settings.bytes("parley.media.s3.part-size");
        if (part < LEAST_PART || part > MOST_PART) {
            throw settings.bad("parley.media.s3.part-size", "must be 5 MiB to 64 MiB");
        }
        return Optional.of(new S3Settings(
                bucket,
                settings.text("parley.media.s3.region"),
                address(settings, "parley.media.s3.endpoint"),
                settings.flag("parley.media.s3.path-style"),
                settings.optionalText("parley.media.s3.credentials").map(Path::of),
                (int) part,
                settings.flag("parley.media.s3.direct"),
                address(settings, "parley.media.s3.direct-endpoint")));
    }

    private static Optional<URI> address(Settings settings, String key) {
        return settings.optionalText(key).map(text -> {
            try {
                URI uri = URI.create(text);
                if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                    return uri;
                }
            } catch (IllegalArgumentException e) {
                // Said below.
            }
            throw settings.bad(key, "must be an address such as https://s3.example.org");
        });
    }
}
