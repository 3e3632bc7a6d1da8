package io.parley.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class IrcLogTest {

    @Test
    void only_what_was_said_is_replayed() {
        IrcLog log = IrcLog.parse(List.of(
                "=== jx has joined #ubuntu", "[09:03] <MKR> use a livecd", "[09:03]  * MKR waves", "[09:04] <jx> ok"));
        assertThat(log.lines()).extracting(IrcLog.Line::text).containsExactly("use a livecd", "ok");
    }

    @Test
    void the_sample_has_seven_speakers_who_all_say_something() throws IOException {
        IrcLog log = IrcLog.read(Path.of("sample", "allotments.log"));
        assertThat(log.speakers()).hasSize(7);
        assertThat(log.lines()).hasSizeBetween(60, 100);
    }

    @Test
    void a_text_keeps_its_brackets_and_spaces() {
        assertThat(IrcLog.parse(List.of("[09:03] <a> x <b>  y ")).lines().get(0).text())
                .isEqualTo("x <b>  y ");
    }

    @Test
    void nicks_that_differ_only_in_odd_characters_stay_two_users() {
        IrcLog log = IrcLog.parse(List.of("[09:03] <|trey|> a", "[09:03] <[trey]> b", "[09:04] <|trey|> c"));
        assertThat(log.speakers()).extracting(Object::toString).containsExactly("irc-_trey_", "irc-_trey_.2");
    }
}
