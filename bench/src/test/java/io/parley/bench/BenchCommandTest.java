package io.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.identity.DevKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchCommandTest {
    @TempDir
    private Path data;

    @Test
    void loads_that_contradict_each_other_are_wrong_usage() throws IOException {
        assertThat(usageError("--connects", "--storm")).contains("--connects and --storm are two loads");
        assertThat(usageError("--kill-node")).contains("--kill-node needs --storm");
        assertThat(usageError("--kill-node", "--connects", "10")).contains("--kill-node needs --storm");
        assertThat(usageError("--push", "--storm")).contains("--push and --connects or --storm are two loads");
        assertThat(usageError("--push", "--warmup", "0")).contains("--warmup with --push is from 1");
        assertThat(usageError("--http", "elsewhere")).contains("Unmatched argument");
        assertThat(usageError("--http", "1.5")).contains("Unmatched argument");
        assertThat(usageError("--http", "--push")).contains("--http is for messages");
        assertThat(usageError("--http", "--encoding", "PROTO")).contains("--http is JSON only");
        assertThat(usageError("--group-size", "201")).contains("--group-size is from 2");
    }

    @Test
    void a_load_takes_its_default_where_no_number_is_named() throws IOException {
        // 50 a second, of which the message says that they ask for 100 devices.
        assertThat(usageError("--connects", "--devices", "99")).contains("--devices is at least twice --connects");
        assertThat(usageError("--storm", "--rate", "0")).contains("--rate is from 1");
        assertThat(usageError("--storm", "200000")).contains("--storm is from 1 to 100000");
    }

    private String usageError(String... arguments) throws IOException {
        DevKeys unused = DevKeys.openOrCreate(data.resolve("identity"), "parley", "parley");
        CommandLine line = new CommandLine(new BenchCommand());
        StringWriter errors = new StringWriter();
        line.setErr(new PrintWriter(errors));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data.toString()));
        assertThat(line.execute(all.toArray(String[]::new))).isEqualTo(2);
        return errors.toString();
    }
}
