package io.parley.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CompareCommandTest {
    @Test
    void a_server_that_is_not_known_is_wrong_usage() {
        assertThat(usageError("--peers", "mosquitto,nothing")).contains("--peers: there is no nothing, only mosquitto");
    }

    @Test
    void an_endless_load_is_wrong_usage() {
        assertThat(usageError("--seconds", "601")).contains("--seconds is from 1 to 600");
        assertThat(usageError("--seconds", "-1")).contains("--seconds is from 1 to 600");
    }

    private static String usageError(String... arguments) {
        CommandLine line = new CommandLine(new CompareCommand());
        StringWriter errors = new StringWriter();
        line.setErr(new PrintWriter(errors));
        assertThat(line.execute(arguments)).isEqualTo(2);
        return errors.toString();
    }
}
