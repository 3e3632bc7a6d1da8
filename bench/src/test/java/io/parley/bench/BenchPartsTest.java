package io.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.audit.Connections;
import io.parley.audit.Report;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.GroupCreated;
import io.parley.protocol.wire.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BenchPartsTest {

    @ParameterizedTest
    @EnumSource
    void a_glance_sees_seq_and_id_in_either_encoding(WireFormat encoding) throws InvalidProtocolBufferException {
        ChatEvent said = ChatEvent.newBuilder()
                .setSeq(4711)
                .setId("r-9")
                .setFrom("a")
                .setText("\"id\":\"x\"")
                .build();
        ChatEvent founded = ChatEvent.newBuilder()
                .setSeq(1)
                .setFrom("a")
                .setGroupCreated(GroupCreated.getDefaultInstance())
                .build();
        assertThat(Glance.of(encoding.encode(said), encoding)).isEqualTo(new Glance(4711, "r-9"));
        assertThat(Glance.of(encoding.encode(founded), encoding)).isEqualTo(new Glance(1, ""));
    }

    @Test
    void cpu_time_is_read_past_a_name_with_spaces(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("run"));
        Files.writeString(folder.resolve("run/broker.pid"), "42 1700000000000");
        Files.createDirectories(folder.resolve("42"));
        Files.writeString(folder.resolve("42/stat"), "42 (a ) b) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20");
        Files.writeString(folder.resolve("42/status"), "Name:\tjava\nVmRSS:\t  204800 kB\n");
        ServerProcesses processes = new ServerProcesses(folder, folder);
        assertThat(processes.cpuMicros()).isEqualTo(Map.of("broker", 2_000_000L));
        assertThat(processes.residentMiB()).isEqualTo(Map.of("broker", 200L));
    }

    @Test
    void the_json_result_has_every_field() {
        Map<String, Double> cpu =
                Map.of("broker", 1.5, "engine", 2.0, "kafka", 0.25, "cassandra", 0.25, "history", 9.0);
        String json = result(cpu, Map.of("broker", 200L), 3).json();
        assertThat(json)
                .startsWith("{\"offeredPerSecond\":50,\"deliveredPerSecond\":50.0,\"delivery\":{\"p50Millis\":12.")
                .contains(
                        "\"cpuMicrosPerDelivered\":{\"broker\":1.5,\"engine\":2.0,\"kafka\":0.25,\"cassandra\":0.25,\"total\":4.0}")
                .endsWith("\"rssMiB\":{\"broker\":200},\"refused\":3,\"anomalies\":{}}");
    }

    @Test
    void what_cannot_be_read_of_a_process_is_left_out() {
        BenchResult result = result(Map.of("broker", 1.5), Map.of(), 0);
        assertThat(result.json()).contains("\"cpuMicrosPerDelivered\":{\"broker\":1.5},\"rssMiB\":{},");
        assertThat(result.text()).contains("broker").doesNotContain("engine", "total");
    }

    @Test
    void a_refused_message_is_told_and_not_clean() {
        assertThat(result(Map.of(), Map.of(), 0).isClean()).isTrue();
        assertThat(result(Map.of(), Map.of(), 0).text()).doesNotContain("refused");
        assertThat(result(Map.of(), Map.of(), 2).isClean()).isFalse();
        assertThat(result(Map.of(), Map.of(), 2).text()).contains("refused                2");
    }

    private static BenchResult result(Map<String, Double> cpu, Map<String, Long> resident, long refused) {
        Histogram micros = new Histogram(1_000_000, 3);
        micros.recordValue(12_000);
        Load load = new Load(10, 50, 1, 0, 2, WireFormat.JSON, false);
        return new BenchResult(load, 50, micros, micros, cpu, resident, refused, Report.clean());
    }

    @Test
    void a_message_without_an_answer_is_not_accepted() {
        ConversationId pair = ConversationId.parse("a~b");
        Ledger ledger = new Ledger(new Load(2, 3, 1, 0, 2, WireFormat.JSON, false), "r", List.of(pair));
        ledger.start();
        for (int k = 0; k < 3; k++) {
            ledger.sending(k, 0, UserId.parse("a"), "text");
        }
        ledger.acknowledged(0, true);
        ledger.acknowledged(1, false);
        assertThat(ledger.notAccepted()).isEqualTo(2);
        assertThat(ledger.isComplete()).isFalse();
    }

    @Test
    void a_ledger_waits_until_both_were_told_of_both() {
        ConversationId pair = ConversationId.parse("a~b");
        Ledger ledger = new Ledger(new Load(2, 1, 1, 0, 2, WireFormat.JSON, true), "r", List.of(pair));
        for (String user : List.of("a", "b")) {
            ledger.joined(0, user + "/bench", UserId.parse(user));
        }
        assertThat(ledger.isEverybodyInformed()).isTrue();
        ledger.reading(0, UserId.parse("b"), 7);
        Receipt receipt =
                Receipt.newBuilder().setUser("b").setDelivered(7).setRead(7).build();
        ledger.told(0, "a/bench", receipt);
        assertThat(ledger.isEverybodyInformed()).isFalse();
        ledger.told(0, "b/bench", receipt);
        assertThat(ledger.isEverybodyInformed()).isTrue();
    }

    @Test
    void a_ledger_records_what_was_acknowledged_and_when_the_connection_ended() {
        ConversationId pair = ConversationId.parse("a~b");
        Ledger ledger = new Ledger(new Load(2, 1, 1, 0, 2, WireFormat.JSON, false), "r", List.of(pair));
        UserId user = UserId.parse("a");
        Glance glance = new Glance(7, "r-0");
        ledger.delivered(0, 0, 1, "a/bench", user, glance, new byte[] {1});
        ledger.cut(0, 1, "a/bench");
        Connections connections = ledger.recorder(0).finish(List.of()).connections();
        assertThat(connections.acknowledgements()).singleElement().satisfies(one -> {
            assertThat(one.device() + " " + one.connection() + " " + one.seq()).isEqualTo("a/bench 1 7");
            assertThat(connections.cuts()).singleElement().satisfies(cut -> {
                assertThat(cut.device() + " " + cut.connection()).isEqualTo("a/bench 1");
                assertThat(cut.atNanos() - one.atNanos()).isNotNegative();
            });
        });
    }

    @Test
    void a_load_that_cannot_be_names_its_option() {
        assertThatThrownBy(() -> new Load(10, 50, 1, 0, 11, WireFormat.JSON, false))
                .hasMessageContaining("--group-size");
    }
}
