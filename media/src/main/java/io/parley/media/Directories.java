package io.parley.media;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/** Durable changes of directories, and names that stay within them. */
final class Directories {
    private static final Pattern KEY = Pattern.compile("[a-z0-9]{1,64}(\\.[a-z0-9]{1,16})?");

    private Directories() {}

    /** A new, renamed or deleted name in a directory survives a crash from now on. */
    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** @throws IllegalArgumentException if the key could name a file elsewhere */
    static String checked(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("an attachment's key is [a-z0-9], maybe with a variant");
        }
        return key;
    }
}
