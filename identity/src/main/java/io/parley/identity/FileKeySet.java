package io.parley.identity;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.text.ParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keys from a file, read again when its time, size or identity changes. A broken new version leaves the old keys in force. */
final class FileKeySet implements KeySet {
    private static final Logger LOG = LoggerFactory.getLogger(FileKeySet.class);

    private final Path file;
    private @Nullable Version current;

    private record Stamp(
            FileTime modified, long size, @Nullable Object fileKey) {}

    private record Version(Stamp stamp, List<JWK> keys) {}

    FileKeySet(Path file) {
        this.file = file;
    }

    @Override
    public synchronized List<JWK> keys() throws IOException {
        Version last = current;
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Stamp stamp = new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
            if (last != null && last.stamp().equals(stamp)) {
                return last.keys();
            }
            Version read =
                    new Version(stamp, JWKSet.parse(Files.readString(file)).getKeys());
            current = read;
            LOG.info("read keys={} from file={}", read.keys().size(), file);
            return read.keys();
        } catch (IOException | ParseException e) {
            if (last == null) {
                throw new IOException("no JWK set in " + file, e);
            }
            LOG.warn("file={} cannot be read as a JWK set, keeping the earlier keys: {}", file, e.getMessage());
            return last.keys();
        }
    }

    @Override
    public List<JWK> keysAfterMiss() throws IOException {
        return keys();
    }
}
