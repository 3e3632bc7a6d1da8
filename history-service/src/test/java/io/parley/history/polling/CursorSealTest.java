package io.parley.history.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only what was written for a device is its cursor. */
final class CursorSealTest {
    private static final DeviceId WEB = DeviceId.parse("ann/web");
    private static final Map<ConversationId, Integer> REACHED =
            Map.of(ConversationId.parse("ann~ben"), 300, ConversationId.parse("g0123456789ab"), 1);

    private final CursorSeal seal = new CursorSeal("secret");

    @Test
    void a_cursor_says_what_was_written() {
        assertThat(new CursorSeal("secret").read(WEB, seal.write(WEB, REACHED))).contains(REACHED);
        assertThat(seal.read(WEB, seal.write(WEB, Map.of()))).contains(Map.of());
    }

    @Test
    void a_cursor_of_another_device_or_key_is_none() {
        String cursor = seal.write(WEB, REACHED);

        assertThat(seal.read(DeviceId.parse("ann/phone"), cursor)).isEmpty();
        assertThat(seal.read(DeviceId.parse("ben/web"), cursor)).isEmpty();
        assertThat(new CursorSeal("another").read(WEB, cursor)).isEmpty();
    }

    @Test
    void a_changed_cursor_is_none() {
        String cursor = seal.write(WEB, REACHED);
        for (int i = 0; i < cursor.length() - 1; i++) {
            char other = cursor.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(seal.read(WEB, cursor.substring(0, i) + other + cursor.substring(i + 1)))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "!", "none", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void what_is_no_cursor_is_none(String text) {
        assertThat(seal.read(WEB, text)).isEmpty();
    }
}
