package io.parley.bench.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.audit.Connections;
import io.parley.audit.Report;
import io.parley.bench.measure.Glance;
import io.parley.bench.measure.ServerFigures;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Receipt;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class MessagePartsTest {

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
        MessageResult result = result(Map.of("broker", 1.5), Map.of(), 0);
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

    @Test
    void two_transports_stand_side_by_side() {
        Map<String, Double> cpu =
                Map.of("broker", 1.5, "engine", 2.0, "kafka", 0.25, "cassandra", 0.25, "history", 9.0);
        MessageResult mqtt = result(cpu, Map.of("broker", 200L), 0);
        TransportsResult both = new TransportsResult(mqtt, result(Map.of("history", 3.0), Map.of(), 2));
        assertThat(both.json())
                .startsWith(
                        "{\"offeredPerSecond\":50,\"mqtt\":{\"deliveredPerSecond\":50.0,\"delivery\":{\"p50Millis\":12.")
                .contains(
                        "\"history\":9.0,",
                        "\"total\":13.0}",
                        "\"http\":{",
                        "\"cpuMicrosPerDelivered\":{\"history\":3.0}");
        assertThat(both.text()).containsPattern("cpu per delivery, history +9.0 µs +3.0 µs");
        assertThat(both.text()).containsPattern("cpu per delivery, total +13.0 µs +-");
        assertThat(both.isClean()).as("one refused by HTTP").isFalse();
        assertThat(new TransportsResult(mqtt, mqtt).isClean()).isTrue();
    }

    private static MessageResult result(Map<String, Double> cpu, Map<String, Long> resident, long refused) {
        Histogram micros = new Histogram(1_000_000, 3);
        micros.recordValue(12_000);
        Load load = new Load(10, 50, 1, 0, 2, WireFormat.JSON, false);
        return new MessageResult(load, 50, micros, micros, new ServerFigures(cpu, resident), refused, Report.clean());
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
