package io.parley.history.media;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of some bytes that is asked for (RFC 9110). Several ranges at once are answered with all bytes, as the standard allows.
 *
 * @param first of the bytes, from 0
 * @param length 0 for a range that does not exist
 */
record ByteRange(long first, long length) {
    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** The part that a header asks for; null: all. */
    static @Nullable ByteRange of(@Nullable String header, long size) {
        Matcher matcher = ONE.matcher(header == null ? "" : header.strip());
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return null;
        }
        String from = matcher.group(1);
        String to = matcher.group(2);
        if (from.isEmpty()) {
            long last = Math.min(Long.parseLong(to), size);
            return new ByteRange(size - last, last);
        }
        long first = Long.parseLong(from);
        long end = to.isEmpty() ? size : Math.min(size, Long.parseLong(to) + 1);
        if (!to.isEmpty() && Long.parseLong(to) < first) {
            return null;
        }
        return new ByteRange(first, Math.max(0, end - first));
    }

    /** The header of the answer. */
    String contentRange(long size) {
        return length == 0 ? "bytes */" + size : "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }
}
