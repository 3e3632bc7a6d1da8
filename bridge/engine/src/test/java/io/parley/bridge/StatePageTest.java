package io.parley.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.user.UserFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code docs/state.md} is made of the families of rows. {@code -Dparley.docs.write=true} writes it anew. */
class StatePageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "state.md");

    private record Line(
            String prefix, String shape, @Nullable Class<? extends MessageLite> row, String holds) {
        String key() {
            return prefix + shape;
        }

        String markdown() {
            return "| `%s` | %s | %s |%n"
                    .formatted(
                            key().replace("|", "\\|"),
                            row == null ? "" : "`" + row.getSimpleName() + "`",
                            Character.toUpperCase(holds.charAt(0)) + holds.substring(1));
        }
    }

    private static final List<Line> CONVERSATIONS = Arrays.stream(RowFamily.values())
            .map(family -> new Line(family.prefix(), family.shape(), family.row(), family.holds()))
            .toList();
    private static final List<Line> USERS = Arrays.stream(UserFamily.values())
            .map(family -> new Line(family.prefix(), family.shape(), family.row(), family.holds()))
            .toList();

    @Test
    void no_two_families_of_a_machine_have_the_same_keys() {
        assertThat(CONVERSATIONS).extracting(Line::key).doesNotHaveDuplicates();
        assertThat(USERS).extracting(Line::key).doesNotHaveDuplicates();
    }

    @Test
    void the_page_about_state_is_what_the_engine_holds() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Rows of the engine's state

                Made from the enums `RowFamily` and `UserFamily`; do not edit it. `-Dparley.docs.write=true` for `StatePageTest` writes it anew.

                Each partition has a store for its conversations and one for its users. A key is the beginning of a family, then what identifies the row, with bars between. A row is a message of
                `state.proto`, or empty when its key says everything. What bounds each kind, and when it is dropped: [decision 23](decisions/0023-state-that-ends.md); what it costs: [scale.md](scale.md).
                """);
        append(page, "Conversations", CONVERSATIONS);
        append(page, "Users", USERS);
        if (Boolean.getBoolean("parley.docs.write")) {
            Files.writeString(PAGE, page.toString());
        }
        assertThat(Files.readString(PAGE))
                .as("docs/state.md; -Dparley.docs.write=true writes it anew")
                .isEqualTo(page.toString());
    }

    private static void append(StringBuilder page, String title, List<Line> lines) {
        page.append("\n## ").append(title).append("\n\n| key | row | holds |\n|---|---|---|\n");
        lines.forEach(line -> page.append(line.markdown()));
    }
}
