package io.parley.media;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.Part;

/**
 * How far an upload in a bucket is.
 *
 * @param whole the object, once all of it is there
 * @param multipart the multipart upload that counts; null if there is none
 * @param parts of it, from the first on without a gap
 * @param partsEnd where the parts end
 * @param pieces that follow the parts, in order; each reaches further than the one before and begins where that ends, or earlier
 * @param covered keys of pieces that nothing needs
 * @param offset where the next byte goes
 */
record S3Progress(
        Optional<S3Bucket.Stored> whole,
        @Nullable String multipart,
        List<Part> parts,
        long partsEnd,
        List<Piece> pieces,
        List<String> covered,
        long offset) {
    private static final Pattern PIECE = Pattern.compile("([0-9]{12})-([0-9]{12})");

    /** Bytes of an upload as an object of their own. */
    record Piece(String key, long begin, long end) {
        static String name(long begin, long end) {
            return "%012d-%012d".formatted(begin, end);
        }

        static Optional<Piece> of(S3Bucket.Stored object) {
            Matcher matcher = PIECE.matcher(object.key().substring(object.key().lastIndexOf('/') + 1));
            return matcher.matches()
                    ? Optional.of(
                            new Piece(object.key(), Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                    : Optional.empty();
        }
    }

    /** Asks the bucket. */
    static S3Progress of(S3Bucket bucket, String id) throws IOException {
        String key = S3Uploads.wholeKey(id);
        String chosen = null;
        List<Part> parts = List.of();
        // The pieces first: a part that comes in between covers pieces that are listed. The other way round, some could
        // be missing.
        List<S3Bucket.Stored> before = bucket.list(key.substring(0, key.lastIndexOf('/') + 1));
        for (String upload : bucket.multiparts(key)) {
            List<Part> found = gapless(bucket.parts(key, upload));
            if (chosen == null || end(found) > end(parts)) {
                chosen = upload;
                parts = found;
            }
        }
        Optional<S3Bucket.Stored> whole =
                before.stream().filter(object -> object.key().equals(key)).findFirst();
        return of(
                whole,
                chosen,
                parts,
                before.stream().flatMap(object -> Piece.of(object).stream()).toList());
    }

    private static S3Progress of(
            Optional<S3Bucket.Stored> whole, @Nullable String multipart, List<Part> parts, List<Piece> all) {
        long position = end(parts);
        List<Piece> chain = new ArrayList<>();
        List<String> covered = new ArrayList<>();
        for (Piece next = furthest(all, position); next != null; next = furthest(all, position)) {
            chain.add(next);
            position = next.end();
        }
        for (Piece piece : all) {
            if (piece.end() <= end(parts)) {
                covered.add(piece.key());
            }
        }
        return new S3Progress(
                whole,
                multipart,
                parts,
                end(parts),
                chain,
                covered,
                whole.map(S3Bucket.Stored::size).orElse(position));
    }

    private static @Nullable Piece furthest(List<Piece> all, long position) {
        Piece found = null;
        for (Piece piece : all) {
            if (piece.begin() <= position && piece.end() > (found == null ? position : found.end())) {
                found = piece;
            }
        }
        return found;
    }

    private static List<Part> gapless(List<Part> all) {
        int count = 0;
        while (count < all.size() && all.get(count).partNumber() == count + 1) {
            count++;
        }
        return all.subList(0, count);
    }

    private static long end(List<Part> parts) {
        return parts.stream().mapToLong(Part::size).sum();
    }

    /** Keys of pieces of which nothing is needed once parts reach so far. */
    List<String> piecesBefore(long end) {
        List<String> keys = new ArrayList<>(covered);
        for (Piece piece : pieces) {
            if (piece.end() <= end) {
                keys.add(piece.key());
            }
        }
        return keys;
    }

    /** Reads bytes that are in pieces, one piece after the other. */
    InputStream tail(S3Bucket bucket, long from, long to) {
        List<Reading> readings = new ArrayList<>();
        long position = from;
        for (Piece piece : pieces) {
            if (piece.end() > position && position < to) {
                long last = Math.min(to, piece.end());
                readings.add(new Reading(piece.key(), position - piece.begin(), last - position));
                position = last;
            }
        }
        return new Chain(bucket, readings.iterator());
    }

    private record Reading(String key, long skipped, long length) {}

    /** One reading after the other; each is asked for when the one before is at its end. */
    private static final class Chain extends InputStream {
        private final S3Bucket bucket;
        private final Iterator<Reading> next;
        private InputStream current = InputStream.nullInputStream();

        Chain(S3Bucket bucket, Iterator<Reading> readings) {
            this.bucket = bucket;
            this.next = readings;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int from, int length) throws IOException {
            int count = current.read(to, from, length);
            while (count < 0 && next.hasNext()) {
                current.close();
                Reading reading = next.next();
                current = new LimitedStream(bucket.read(reading.key(), reading.skipped()), reading.length());
                count = current.read(to, from, length);
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            current.close();
        }
    }
}
