package io.parley.standalone.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The capacity chapter of {@code docs/scale.md} is what the model says. {@code -Dparley.docs.write=true} writes it anew. */
class ModelPageTest {
    private static final Path HOME = Path.of(System.getProperty("parley.home", ".."));
    private static final Path PAGE = HOME.resolve("docs/scale.md");
    private static final List<Load> LOADS = List.of(Load.of(1e6), Load.of(1e8), Load.of(1e9));

    @Test
    void the_page_has_the_models_tables() throws IOException {
        String page = Files.readString(PAGE);
        String now = with(with(page, "table", CapacityTable.markdown(LOADS)), "constants", CapacityTable.constants());
        if (Boolean.getBoolean("parley.docs.write")) {
            Files.writeString(PAGE, now);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/scale.md: run ModelPageTest with -Dparley.docs.write=true")
                .isEqualTo(now);
    }

    @Test
    void no_cell_is_beyond_a_limit_and_fewer_cells_would_be() {
        for (Load load : LOADS) {
            Capacity whole = new Capacity(load);
            int cells = whole.cells();
            assertThat(whole.cell(cells).limits()).allMatch(limit -> limit.ratio() <= 1);
            if (cells > 1) {
                assertThat(whole.cell(cells - 1).limits()).anyMatch(limit -> limit.ratio() > 1);
            }
        }
    }

    @Test
    void more_users_need_more_and_nothing_is_needed_less_than_the_least_that_survives_a_loss() {
        Capacity one = new Capacity(Load.of(1));
        Capacity many = new Capacity(Load.of(1e8));
        assertThat(one.kafkaBrokers()).isEqualTo(3);
        assertThat(one.cassandraNodes()).isEqualTo(3);
        assertThat(one.nodes()).isEqualTo(2);
        assertThat(many.kafkaBrokers()).isGreaterThan(one.kafkaBrokers());
        assertThat(many.cassandraNodes()).isGreaterThan(one.cassandraNodes());
        assertThat(many.partitions()).isGreaterThan(one.partitions());
    }

    @Test
    void a_measured_constant_stands_on_the_page_that_it_names() throws IOException {
        for (Constant constant : Constant.values()) {
            for (String page : List.of("measurements.md", "scale.md")) {
                if (constant.source().contains(page)) {
                    assertThat(HOME.resolve("docs").resolve(page)).exists();
                }
            }
            assertThat(constant.source()).matches("(measurements|scale)\\.md.*|assumed: .*");
        }
    }

    private static String with(String page, String name, String content) {
        String begin = "<!-- model: " + name + " -->\n";
        String end = "<!-- end -->\n";
        int from = page.indexOf(begin) + begin.length();
        assertThat(from).as(begin).isGreaterThanOrEqualTo(begin.length());
        return page.substring(0, from) + "\n" + content + "\n" + page.substring(page.indexOf(end, from));
    }
}
