package io.parley.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class LockScreenTest {
    private final LockScreen screen = new LockScreen(ZoneOffset.UTC);

    @Test
    void a_notification_shows_when_on_what_device_the_badge_the_title_and_the_text() {
        assertThat(screen.show(line("c1", 3, "amy", "where are you?\\nhello?", false)))
                .containsExactly(
                        "14:03:07  iPhone   89abcdef    (3)  amy",
                        "                                    where are you?",
                        "                                    hello?");
    }

    @Test
    void a_newer_one_takes_the_place_of_the_one_before_and_a_silent_one_takes_it_away() {
        screen.show(line("c1", 1, "amy", "one", false));

        assertThat(screen.show(line("c2", 2, "walk", "cid: two", false)).get(0)).endsWith("walk");
        assertThat(screen.show(line("c1", 3, "amy", "three", false)).get(0))
                .endsWith("amy  · in place of the one before");
        assertThat(screen.show(line("c1", 1, "", "", true)))
                .containsExactly("14:03:07  iPhone   89abcdef    (1)  withdrawn: amy");
        assertThat(screen.show(line("c1", 1, "", "", true)).get(0)).endsWith("withdrawn: amy~bob");
    }

    @Test
    void what_others_write_does_not_move_the_cursor() {
        assertThat(screen.show(line("c1", 1, "\\u001b[2Jamy", "\\u0007hi", false)))
                .allSatisfy(shown -> assertThat(shown).doesNotContainPattern("\\p{Cntrl}"));
    }

    @Test
    void a_line_that_is_none_ends_nothing() {
        assertThat(screen.show("{\"at\":").get(0)).contains("no notification");
        assertThat(screen.show("{\"at\":\"yesterday\"}").get(0)).contains("no notification");
    }

    private static String line(String collapseId, int badge, String title, String body, boolean withdraw) {
        return "{\"at\":\"2026-11-28T14:03:07.5Z\",\"platform\":\"APNS\",\"token\":\"0123456789abcdef\",\"topic\":\"t\",\"collapseId\":\""
                + collapseId + "\",\"priority\":\"10\",\"silent\":" + withdraw + ",\"badge\":" + badge + ",\"title\":\""
                + title + "\",\"body\":\"" + body + "\",\"conversation\":\"amy~bob\",\"seq\":1,\"withdraw\":" + withdraw
                + "}";
    }
}
