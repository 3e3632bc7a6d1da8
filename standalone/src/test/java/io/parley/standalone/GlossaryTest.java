package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The words of {@code docs/glossary.md} are those that code and documents use. */
class GlossaryTest {
    private static final Path HOME = Path.of(System.getProperty("parley.home", ".."));
    private static final Pattern TERM = Pattern.compile("\\*\\*([^*]+)\\*\\*");
    /** Where terms are looked for, the shortest first. */
    private static final List<String> PLACES = List.of("ARCHITECTURE.md", "docs", "protocol/src", "bridge");

    private static List<Path> texts(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(file -> file.toString().matches(".*[.](java|md|proto)"))
                    .toList();
        }
    }

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
        for (String place : PLACES) {
            for (Path file : texts(HOME.resolve(place))) {
                if (!unused.isEmpty() && !file.equals(page)) {
                    String text = Files.readString(file);
                    unused.removeIf(term -> word(term).matcher(text).find());
                }
            }
        }
        assertThat(unused).as("terms that nothing uses").isEmpty();
    }
}
