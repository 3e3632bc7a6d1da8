package io.parley.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.user.UserFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/state.md} is made of the families of rows. {@code -Dparley.docs.write=true} writes it anew. */
class StatePageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "state.md");

    private static final List<Family> CONVERSATIONS =
            Arrays.stream(RowFamily.values()).map(RowFamily::family).toList();
    private static final List<Family> USERS =
            Arrays.stream(UserFamily.values()).map(UserFamily::family).toList();

    @Test
    void no_two_families_of_a_machine_have_the_same_keys() {
        assertThat(CONVERSATIONS).extracting(StatePageTest::key).doesNotHaveDuplicates();
        assertThat(USERS).extracting(StatePageTest::key).doesNotHaveDuplicates();
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

    private static void append(StringBuilder page, String title, List<Family> families) {
        page.append("\n## ").append(title).append("\n\n| key | row | holds |\n|---|---|---|\n");
        families.forEach(family -> page.append("| `%s` | %s | %s |%n"
                .formatted(
                        key(family).replace("|", "\\|"),
                        family.row() == null ? "" : "`" + family.row().getSimpleName() + "`",
                        Character.toUpperCase(family.holds().charAt(0))
                                + family.holds().substring(1))));
    }

    private static String key(Family family) {
        return family.prefix() + family.shape();
    }
}
