package io.parley.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks for a text on the disk. */
final class FilesWith {
    private FilesWith() {}

    /** The files below a directory whose bytes contain the text. */
    static List<Path> text(String text, Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        List<Path> found = new ArrayList<>();
        for (Path file : files) {
            if (contains(file, text.getBytes(StandardCharsets.UTF_8))) {
                found.add(file);
            }
        }
        return found;
    }

    private static boolean contains(Path file, byte[] text) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return false;
        }
        ByteBuffer wanted = ByteBuffer.wrap(text);
        for (int at = 0; at + text.length <= bytes.length; at++) {
            if (bytes[at] == text[0] && ByteBuffer.wrap(bytes, at, text.length).equals(wanted)) {
                return true;
            }
        }
        return false;
    }
}
