package io.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SignedLinksTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void a_link_is_good_as_it_is_until_it_expires() throws Exception {
        SignedLinks links = SignedLinks.open(directory.resolve("link.key"));
        Map<String, String> link = link(links.sign("/a", Map.of("size", "32"), NOW.plusSeconds(10)));

        assertThat(links.isGood("/a", link, NOW)).isTrue();
        assertThat(SignedLinks.open(directory.resolve("link.key")).isGood("/a", link, NOW))
                .as("the key is in the file")
                .isTrue();
        assertThat(links.isGood("/a", link, NOW.plusSeconds(10))).isFalse();
        assertThat(links.isGood("/b", link, NOW)).isFalse();
        assertThat(SignedLinks.open(directory.resolve("other.key")).isGood("/a", link, NOW))
                .isFalse();
    }

    @Test
    void nothing_can_be_changed_added_or_left_out() throws Exception {
        SignedLinks links = SignedLinks.open(directory.resolve("link.key"));
        Map<String, String> link = link(links.sign("/a", Map.of("size", "32"), NOW.plusSeconds(10)));

        for (String name : link.keySet()) {
            Map<String, String> without = new TreeMap<>(link);
            without.remove(name);
            assertThat(links.isGood("/a", without, NOW)).as("without %s", name).isFalse();
            Map<String, String> changed = new TreeMap<>(link);
            changed.merge(name, "9", String::concat);
            assertThat(links.isGood("/a", changed, NOW))
                    .as("with another %s", name)
                    .isFalse();
        }
        Map<String, String> more = new TreeMap<>(link);
        more.put("download", "1");
        assertThat(links.isGood("/a", more, NOW)).isFalse();
        Map<String, String> shifted = new TreeMap<>(link);
        shifted.remove("size");
        shifted.put("siz", "e32");
        assertThat(links.isGood("/a", shifted, NOW)).as("its parts are apart").isFalse();
    }

    @Test
    void only_its_owner_reads_the_key() throws Exception {
        Path file = directory.resolve("link.key");
        SignedLinks.open(file);

        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }

    private static Map<String, String> link(String query) {
        Map<String, String> parameters = new TreeMap<>();
        for (String each : query.split("&", -1)) {
            parameters.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
        }
        return parameters;
    }
}
