package io.parley.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.mqtt.message.connack.Mqtt3ConnAckReturnCode;
import com.hivemq.mqtt.message.reason.Mqtt5ConnAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5ReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5SubAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5UnsubAckReasonCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of reason codes in {@code docs/protocol/codes.md} has those that this module sends, and those of HiveMQ that are marked as such. */
class ReasonCodesPageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "protocol", "codes.md");
    private static final Pattern ROW = Pattern.compile(
            "\\| (CONNACK|SUBACK|UNSUBACK|PUBACK|DISCONNECT) \\| 0x([0-9A-F]{2}) `([A-Z0-9_]+)`( <!-- HiveMQ -->)? \\| (\\S+) \\|.*");
    private static final Pattern USED = Pattern.compile(
            "\\b(?:Mqtt5)?(ConnAck|Connack|SubAck|UnsubAck|PubAck|Disconnect)ReasonCode\\.([A-Z0-9_]+)\\b");

    private static List<MatchResult> rows() throws IOException {
        List<MatchResult> rows = Files.readAllLines(PAGE).stream()
                .flatMap(line -> ROW.matcher(line).results())
                .toList();
        assertThat(rows).hasSizeGreaterThan(30);
        return rows;
    }

    private static Mqtt5ReasonCode code(MatchResult row) {
        String name = row.group(3);
        return switch (row.group(1)) {
            case "CONNACK" -> Mqtt5ConnAckReasonCode.valueOf(name);
            case "SUBACK" -> Mqtt5SubAckReasonCode.valueOf(name);
            case "UNSUBACK" -> Mqtt5UnsubAckReasonCode.valueOf(name);
            case "PUBACK" -> Mqtt5PubAckReasonCode.valueOf(name);
            default -> Mqtt5DisconnectReasonCode.valueOf(name);
        };
    }

    @Test
    void every_code_that_is_sent_is_explained_and_no_other() throws IOException {
        Set<String> sent = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                USED.matcher(Files.readString(file))
                        .results()
                        .forEach(used -> sent.add(used.group(1).toUpperCase(Locale.ROOT) + " " + used.group(2)));
            }
        }
        assertThat(rows())
                .filteredOn(row -> row.group(4) == null)
                .extracting(row -> row.group(1) + " " + row.group(3))
                .containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void numbers_are_those_of_the_standard() throws IOException {
        for (MatchResult row : rows()) {
            assertThat(code(row).getCode()).as(row.group()).isEqualTo(Integer.parseInt(row.group(2), 16));
        }
    }

    @Test
    void a_client_of_3_1_1_is_told_what_hivemq_makes_of_it() throws IOException {
        for (MatchResult row : rows()) {
            if (row.group(1).equals("CONNACK") && !row.group(5).equals("end")) {
                Mqtt5ConnAckReasonCode code = Mqtt5ConnAckReasonCode.valueOf(row.group(3));
                // Nobody sends these two to such a client as they are: MqttLink and TokenAuthenticator say unavailable
                // and busy.
                boolean replaced = code == Mqtt5ConnAckReasonCode.USE_ANOTHER_SERVER
                        || code == Mqtt5ConnAckReasonCode.CONNECTION_RATE_EXCEEDED;
                int told = Mqtt3ConnAckReturnCode.fromReasonCode(
                                replaced ? Mqtt5ConnAckReasonCode.SERVER_UNAVAILABLE : code)
                        .getCode();
                assertThat(row.group(5)).as(row.group()).isEqualTo(Integer.toString(told));
            }
        }
    }
}
