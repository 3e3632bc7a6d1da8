package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The words of {@code docs/glossary.md} are those that code and documents use. */
class GlossaryTest {
    private static final Path HOME = Path.of(System.getProperty("parley.home", ".."));
    private static final Pattern TERM = Pattern.compile("\\*\\*([^*]+)\\*\\*");
    private static final Set<String> ELSEWHERE = Set.of("target", "node_modules", ".git", "data");

    private static Pattern word(String term) {
        return Pattern.compile("\\b" + Pattern.quote(term) + "s?\\b", Pattern.CASE_INSENSITIVE);
    }

    @Test
    void each_term_stands_once_and_is_in_use() throws IOException {
        Path page = HOME.resolve("docs/glossary.md");
        List<String> terms = TERM.matcher(Files.readString(page))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(terms).hasSizeGreaterThan(40).doesNotHaveDuplicates();

        List<String> unused = new ArrayList<>(terms);
        Files.walkFileTree(HOME, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return ELSEWHERE.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (file.toString().matches(".*[.](java|md|proto)")
                        && !file.endsWith("GlossaryTest.java")
                        && !file.equals(page)) {
                    String text = Files.readString(file);
                    unused.removeIf(term -> word(term).matcher(text).find());
                }
                return unused.isEmpty() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }
        });
        assertThat(unused).as("terms that nothing uses").isEmpty();
    }
}
