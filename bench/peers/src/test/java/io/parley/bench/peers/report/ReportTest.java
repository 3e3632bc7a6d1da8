package io.parley.bench.peers.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {
    @Test
    void what_is_written_is_read_again(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("comparison.json");
        Played.comparison().write(file);

        assertThat(Comparison.read(file)).isEqualTo(Played.comparison());
    }

    @Test
    void the_table_has_the_mean_of_the_rounds_that_held() {
        String table = Table.of(Played.comparison());

        assertThat(table)
                .contains("| hivemq | – | 3.0 / 12.0 | – | 13,000/s |")
                // Of two rounds only the first held.
                .contains("| parley | – | 30.0 / 120.0 | – | 1,000/s |")
                .contains("| hivemq | – | 500 | – | 300 | 20 | 3.0 / 12.0 | 500 | 0.25 |")
                .contains("| hivemq | 800 of 800 | 12 | 0 | 3 | 1 | 3.5 |");
    }

    @Test
    void the_table_says_what_was_left_out_and_what_failed() {
        assertThat(Table.of(Played.comparison()))
                .contains("ejabberd is left out: install it")
                .contains("parley failed: round 2: it does not start")
                .contains("load average 0.4");
    }

    @Test
    void every_row_of_a_table_has_as_many_cells_as_its_head() {
        for (String table : Table.of(Played.comparison()).split("\n\n", -1)) {
            assertThat(table.lines()
                            .filter(line -> line.startsWith("|"))
                            .map(line -> line.chars().filter(c -> c == '|').count())
                            .distinct())
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void the_chart_is_a_picture_with_a_bar_for_each_server_and_figure() throws Exception {
        String svg = Chart.of(Played.comparison());

        Document picture =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        // Five panels of two servers, and the ground.
        assertThat(picture.getElementsByTagName("rect").getLength()).isEqualTo(11);
        assertThat(svg).contains("13,000").contains("Some &lt;CPU&gt;").contains("class=\"own\"");
    }

    @Test
    void the_greatest_figure_has_the_longest_bar_and_nothing_has_none() {
        assertThat(Chart.length(1_000, 1, 1_000)).isEqualTo(420);
        assertThat(Chart.length(1, 1, 1_000)).isEqualTo(21);
        assertThat(Chart.length(0, 1, 1_000)).isZero();
        assertThat(Chart.length(5, 5, 5)).isEqualTo(420);
    }
}
