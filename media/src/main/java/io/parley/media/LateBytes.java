package io.parley.media;

import java.time.Duration;
import java.util.Optional;

/**
 * Bytes that come to a bucket after their upload has ended: from a connection that nobody knew to be alive, or by a signed address that is used again. They
 * are looked for once, when no address and no connection of the upload can be left.
 */
final class LateBytes {
    /** So long after the upload would have expired. */
    static final Duration AFTER = Duration.ofHours(1);

    private static final String SUFFIX = ".late";

    private LateBytes() {}

    /** What stands in the queue of checks. */
    static String check(String upload) {
        return upload + SUFFIX;
    }

    /** The upload of such a check; empty if the check is another one. */
    static Optional<String> upload(String check) {
        return check.endsWith(SUFFIX)
                ? Optional.of(check.substring(0, check.length() - SUFFIX.length()))
                : Optional.empty();
    }
}
