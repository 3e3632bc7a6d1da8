package io.parley.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** What a platform's HTTP service authenticates its cursors with, made at the first start: they are good after a restart, too. */
final class CursorKey {
    private static final int BYTES = 32;
    private static final String OWNER_ONLY = "rw-------";

    private CursorKey() {}

    static String openOrCreate(Path data) throws IOException {
        Path file = data.resolve("http").resolve("cursor-key");
        if (Files.notExists(file)) {
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            Files.createDirectories(file.getParent());
            Path fresh = file.resolveSibling("cursor-key.new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
            Files.writeString(fresh, HexFormat.of().formatHex(random));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file).strip();
    }
}
