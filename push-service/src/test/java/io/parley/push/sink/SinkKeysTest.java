package io.parley.push.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the next process of the counterparts finds of the one before. */
class SinkKeysTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void a_service_account_stays_when_the_counterpart_moves_to_another_port() throws Exception {
        SinkKeys keys = SinkKeys.in(folder);
        Path file = folder.resolve("fcm.json");
        try (FcmCounterpart before = new FcmCounterpart(0, Clock.systemUTC(), record -> {})) {
            keys.account(before);
        }
        String first = Files.readString(file);
        try (FcmCounterpart now = new FcmCounterpart(0, Clock.systemUTC(), record -> {})) {
            keys.account(now);
            assertThat(field("private_key", Files.readString(file))).isEqualTo(field("private_key", first));
            assertThat(field("token_uri", Files.readString(file))).isEqualTo(now.endpoint() + "/token");
        }
    }

    @Test
    void the_key_of_web_push_is_made_once() throws Exception {
        SinkKeys.in(folder).vapid();
        String made = Files.readString(folder.resolve("vapid.pem"));
        SinkKeys.in(folder).vapid();

        assertThat(made).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(folder.resolve("vapid.pem")).hasContent(made);
    }

    @Test
    void browsers_are_known_again_and_a_cut_line_is_left_out() throws Exception {
        Browsers before = SinkKeys.in(folder).browsers();
        Browser browser = Browser.create();
        before.add("one", browser);
        before.add("two", Browser.create());
        Path file = folder.resolve("browsers");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 30), StandardOpenOption.TRUNCATE_EXISTING);

        Browsers again = SinkKeys.in(folder).browsers();
        assertThat(again.find("one")).map(Browser::text).contains(browser.text());
        assertThat(again.find("two")).isEmpty();
    }

    private static String field(String name, String json) {
        return JsonParser.parseString(json)
                .getAsJsonObject()
                .get(name)
                .getAsString();
    }
}
