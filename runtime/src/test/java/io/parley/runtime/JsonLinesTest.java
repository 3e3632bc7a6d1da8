package io.parley.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JsonLinesTest {
    private final LoggerContext context = new LoggerContext();

    @Test
    void what_a_line_names_is_a_field() {
        String line =
                encode("no seq here: {} device={} conversation={} seq={}", null, "x", "alice/phone", "alice~bob", 42);

        Config fields = ConfigFactory.parseString(line);
        assertThat(line).endsWith("}\n").doesNotContain("\n{");
        assertThat(fields.getString("device")).isEqualTo("alice/phone");
        assertThat(fields.getString("conversation")).isEqualTo("alice~bob");
        assertThat(fields.getInt("seq")).isEqualTo(42);
        assertThat(fields.getString("message"))
                .isEqualTo("no seq here: x device=alice/phone conversation=alice~bob seq=42");
        assertThat(fields.getString("level")).isEqualTo("WARN");
        assertThat(fields.getString("at")).endsWith("Z");
    }

    @Test
    void an_exception_and_what_a_user_wrote_stay_in_one_line() {
        String line = encode("reason={}", new IllegalStateException("no\nway"), "a \"quote\"\nand a line");

        assertThat(line.strip()).doesNotContain("\n");
        Config fields = ConfigFactory.parseString(line);
        assertThat(fields.getString("reason")).isEqualTo("a \"quote\"\nand a line");
        assertThat(fields.getString("exception")).contains("IllegalStateException: no\nway");
    }

    private String encode(String template, @Nullable Throwable thrown, Object... arguments) {
        LoggingEvent event = new LoggingEvent(
                JsonLinesTest.class.getName(), context.getLogger("test"), Level.WARN, template, thrown, arguments);
        return new String(new JsonLines().encode(event), StandardCharsets.UTF_8);
    }
}
