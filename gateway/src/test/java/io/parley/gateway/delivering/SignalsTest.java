package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How often the others are told that a device's user types. */
class SignalsTest {
    private static final ConversationId CHAT = ConversationId.parse("ann~ben");
    private static final ConversationId OTHER = ConversationId.parse("ann~cid");

    private final Signals signals = new Signals();

    @Test
    void typing_passes_once_in_two_seconds_and_conversation() {
        assertThat(passes(CHAT, true, 0)).isTrue();
        assertThat(passes(OTHER, true, 0)).isTrue();
        assertThat(passes(CHAT, true, 1999)).isFalse();
        assertThat(passes(CHAT, true, 2000)).isTrue();
        assertThat(passes(CHAT, true, 3999)).isFalse();
    }

    @Test
    void an_end_passes_at_once_and_opens_the_door_for_nothing() {
        assertThat(passes(CHAT, true, 0)).isTrue();
        assertThat(passes(CHAT, false, 100)).isTrue();
        assertThat(passes(CHAT, true, 200)).isFalse();
        assertThat(passes(CHAT, false, 300)).isFalse();
        assertThat(passes(CHAT, true, 2000)).isTrue();
        assertThat(passes(CHAT, false, 2100)).isTrue();
    }

    @Test
    void alternation_makes_two_records_in_two_seconds() {
        int passed = 0;
        for (int millis = 0; millis < 10_000; millis += 10) {
            passed += passes(CHAT, millis % 20 == 0, millis) ? 1 : 0;
        }
        assertThat(passed).isEqualTo(10);
    }

    @Test
    void the_end_of_what_nobody_sees_is_told_to_nobody() {
        assertThat(passes(CHAT, false, 0)).isFalse();
        assertThat(passes(CHAT, true, 1000)).isTrue();
        assertThat(passes(CHAT, false, 7001)).isFalse();
    }

    @Test
    void each_end_is_told_for_six_seconds_from_its_last_beginning() {
        assertThat(passes(CHAT, true, 0)).isTrue();
        assertThat(passes(OTHER, true, 1000)).isTrue();
        assertThat(passes(CHAT, true, 3000)).isTrue();

        assertThat(passes(OTHER, false, 7001)).isFalse();
        assertThat(passes(CHAT, false, 8999)).isTrue();
    }

    private boolean passes(ConversationId conversation, boolean typing, long millis) {
        return signals.passes(conversation, typing, TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
