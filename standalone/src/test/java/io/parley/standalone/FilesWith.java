package io.parley.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Looks for a text on the disk, where files are compressed. */
final class FilesWith {
    private static final int FIRST_LETTER = 0x400;
    private static final int LETTERS = 0x100;
    private static final int LENGTH = 32;

    private FilesWith() {}

    /**
     * Random texts that are on the disk as they are, or not at all. LZ4 tears a text apart wherever four of its bytes stand elsewhere in
     * the same block, as those of a UUID do in one attempt out of four among ten other UUIDs. Here each Cyrillic letter, two bytes, stands
     * once in all texts.
     *
     * @param count at most 8
     */
    static List<String> textsThatStayWhole(int count) {
        List<Integer> letters = new ArrayList<>(
                IntStream.range(FIRST_LETTER, FIRST_LETTER + LETTERS).boxed().toList());
        Collections.shuffle(letters);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            letters.subList(i * LENGTH, (i + 1) * LENGTH).forEach(text::appendCodePoint);
            texts.add(text.toString());
        }
        return texts;
    }

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
