package io.parley.bench.connecting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.audit.Anomaly;
import io.parley.audit.Entry;
import io.parley.audit.Fingerprint;
import io.parley.audit.Report;
import io.parley.bench.measure.Glance;
import io.parley.bench.measure.Latencies;
import io.parley.bench.measure.ServerFigures;
import io.parley.demo.DeviceException;
import io.parley.protocol.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectingPartsTest {
    private static final Cast CAST = new Cast("r", 2, 2);

    @Test
    void each_device_has_its_conversations_with_as_many_writers() {
        Cast cast = new Cast("r", 250, 3);
        assertThat(cast.writers()).isEqualTo(9);
        Set<String> conversations = new HashSet<>();
        for (int c = 0; c < cast.conversations(); c++) {
            conversations.add(cast.conversation(c).value());
        }
        assertThat(conversations).hasSize(750);
        assertThat(cast.deviceOf(749)).isEqualTo(249);
        assertThat(cast.writerOf(749)).isEqualTo(8);
        assertThat(cast.conversation(749).value()).isEqualTo("bench-r-249~bench-r-w8");
    }

    @Test
    void a_device_is_complete_when_all_that_was_sent_to_it_has_come() {
        ConnectLedger ledger = new ConnectLedger(CAST, 3);
        send(ledger, 0, 1);
        send(ledger, 1, 1);
        send(ledger, 2, 1);
        ledger.delivered(1, 1, new Glance(1, "r-1"), new byte[] {1});
        assertThat(ledger.isComplete(0)).isFalse();
        ledger.delivered(0, 1, new Glance(1, "r-0"), new byte[] {0});
        assertThat(ledger.isComplete(0)).isTrue();
        assertThat(ledger.isComplete(1)).isFalse();
        assertThat(ledger.outstanding()).isEqualTo(1);
        ledger.delivered(2, 1, new Glance(1, "r-2"), new byte[] {2});
        assertThat(ledger.isComplete()).isTrue();
    }

    @Test
    void the_audit_compares_a_conversation_with_its_history() {
        ConnectLedger ledger = new ConnectLedger(CAST, 1);
        send(ledger, 0, 1);
        assertThat(ledger.expected(0)).isEqualTo(1);
        Entry entry = new Entry(1, "r-0", "bench-r-w0", Fingerprint.of("text"), Fingerprint.of(new byte[] {0}));
        assertThat(ledger.audit(0, List.of(entry)).findings()).containsOnlyKeys(Anomaly.UNSEEN);
        ledger.delivered(0, 1, new Glance(1, "r-0"), new byte[] {0});
        assertThat(ledger.audit(0, List.of(entry)).describe()).isEqualTo("no anomalies");
        assertThat(ledger.audit(0, List.of()).findings()).containsOnlyKeys(Anomaly.LOST);
    }

    @Test
    void a_message_that_comes_twice_counts_once_and_is_an_anomaly() {
        ConnectLedger ledger = new ConnectLedger(CAST, 2);
        send(ledger, 0, 1);
        send(ledger, 2, 1);
        ledger.delivered(0, 1, new Glance(1, "r-0"), new byte[] {0});
        ledger.delivered(0, 1, new Glance(1, "r-0"), new byte[] {0});
        assertThat(ledger.outstanding()).isEqualTo(1);
        Entry entry = new Entry(1, "r-0", "bench-r-w0", Fingerprint.of("text"), Fingerprint.of(new byte[] {0}));
        assertThat(ledger.audit(0, List.of(entry)).findings()).containsOnlyKeys(Anomaly.DUPLICATE);
    }

    @Test
    void only_the_way_of_measured_messages_is_measured() {
        ConnectLedger ledger = new ConnectLedger(CAST, 2);
        send(ledger, 0, ConnectLedger.NOT_MEASURED);
        send(ledger, 0, System.nanoTime() - TimeUnit.SECONDS.toNanos(9));
        ledger.delivered(0, 1, new Glance(1, "r-0"), new byte[] {0});
        ledger.delivered(0, 1, new Glance(2, "r-1"), new byte[] {1});
        assertThat(ledger.arrivalMicros().getTotalCount()).isEqualTo(1);
        assertThat(ledger.arrivalMicros().getMaxValue()).isGreaterThan(8_990_000);
    }

    @Test
    void a_message_without_an_answer_is_not_accepted() {
        ConnectLedger ledger = new ConnectLedger(CAST, 3);
        int first = ledger.sending(0, "text", 1);
        int second = ledger.sending(0, "text", 1);
        ledger.sending(0, "text", 1);
        ledger.acknowledged(0, first, true);
        ledger.acknowledged(0, second, false);
        assertThat(ledger.notAccepted()).isEqualTo(2);
        assertThat(ledger.isAnswered()).isFalse();
    }

    @Test
    void a_topic_names_its_conversation() {
        ConnectLedger ledger = new ConnectLedger(CAST, 1);
        assertThat(ledger.conversation("chat/bench-r-1~bench-r-w0/msg")).isEqualTo(2);
        assertThat(ledger.conversation("chat/somebody~else/msg")).isEqualTo(-1);
    }

    private static void send(ConnectLedger ledger, int conversation, long measuredFromNanos) {
        int k = ledger.sending(conversation, "text", measuredFromNanos);
        ledger.acknowledged(conversation, k, true);
    }

    @Test
    void connects_before_the_measured_part_are_not_measured() {
        ConnectTimes times = new ConnectTimes();
        times.measureFrom(1_000_000);
        times.connected(0, 999_999, 1_000_000, 5_000_000);
        assertThat(times.devices()).isZero();
        times.connected(1, 1_000_000, 4_000_000, 6_000_000);
        times.connected(1, 2_000_000, 8_000_000, 9_000_000);
        assertThat(times.devices()).isEqualTo(1);
        assertThat(times.firstNanos()).isEqualTo(6_000_000);
        assertThat(times.fromDueMicros().getMaxValue()).isBetween(6_990L, 7_010L);
        assertThat(times.fromAttemptMicros().getMaxValue()).isBetween(1_990L, 2_010L);
    }

    @Test
    void a_missing_session_or_a_refusal_is_told_and_not_clean() {
        Tally none = new Tally();
        none.accepted(true);
        none.unanswered();
        assertThat(connects(none).isClean()).isTrue();
        assertThat(connects(none).text())
                .doesNotContain("refused", "session missing")
                .contains("unanswered    1");

        Tally missing = new Tally();
        missing.accepted(false);
        assertThat(connects(missing).isClean()).isFalse();
        assertThat(connects(missing).text()).contains("session missing        1");

        Tally refused = new Tally();
        refused.refused(0x89);
        refused.refused(0x89);
        assertThat(connects(refused).isClean()).isFalse();
        assertThat(connects(refused).json()).contains("\"refused\":{\"0x89\":2}");
        assertThat(connects(refused).text()).containsPattern("refused +0x89 +2");
    }

    private static ConnectsResult connects(Tally tally) {
        ConnectsLoad load = new ConnectsLoad(100, 5, 50, 1, 0, 500, WireFormat.JSON);
        ServerFigures servers = new ServerFigures(Map.of("broker", 1.5), Map.of());
        return new ConnectsResult(load, millis(12), millis(30), tally, 0, 0, 0, servers, Report.clean());
    }

    @Test
    void the_json_of_a_storm_has_every_field() {
        assertThat(storm(2).json())
                .startsWith(
                        "{\"devices\":2,\"conversationsEach\":5,\"movedEach\":5,\"nodeKilled\":true,\"firstConnackMillis\":9000,"
                                + "\"connected\":2,\"synchronised\":1,\"connack\":{\"p50Millis\":12.")
                .contains("\"lastAttempt\":{", "\"synchronisation\":{", "\"cpuMicrosPerDevice\":{\"broker\":1.5}")
                .endsWith("\"rssMiB\":{},\"anomalies\":{}}");
    }

    @Test
    void a_storm_is_clean_when_everybody_is_back_and_synchronised() {
        assertThat(storm(1).isClean()).isTrue();
        assertThat(storm(2).isClean()).isFalse();
    }

    /** Of so many devices one is synchronised. */
    private static StormResult storm(int devices) {
        StormLoad load = new StormLoad(devices, 5, 5, 500, true, WireFormat.JSON);
        ServerFigures servers = new ServerFigures(Map.of("broker", 1.5), Map.of());
        return new StormResult(
                load,
                OptionalLong.of(9_000),
                devices,
                millis(12),
                millis(5),
                millis(30),
                new Tally(),
                0,
                servers,
                Report.clean());
    }

    private static ConcurrentHistogram millis(long value) {
        ConcurrentHistogram micros = Latencies.empty();
        micros.recordValue(value * 1_000);
        return micros;
    }

    @Test
    void a_load_that_cannot_be_names_its_option() {
        assertThatThrownBy(() -> new ConnectsLoad(99, 5, 50, 1, 0, 500, WireFormat.JSON))
                .hasMessageContaining("--devices");
        assertThatThrownBy(() -> new ConnectsLoad(100, 0, 50, 1, 0, 500, WireFormat.JSON))
                .hasMessageContaining("--conversations");
        assertThatThrownBy(() -> new StormLoad(0, 5, 5, 500, false, WireFormat.JSON))
                .hasMessageContaining("--storm");
    }

    @Test
    void a_process_that_has_taken_over_the_pid_of_a_node_is_not_the_node(@TempDir Path folder) throws Exception {
        NodeProcess node = new NodeProcess(folder, folder);
        assertThatThrownBy(node::pid).isInstanceOf(DeviceException.class);
        nodeStartedAt(folder, 777);
        Files.writeString(folder.resolve("run/broker.pid"), "42 777@boot-1");
        assertThat(node.pid()).isEqualTo(42);
        nodeStartedAt(folder, 888);
        assertThatThrownBy(node::pid).isInstanceOf(DeviceException.class).hasMessageContaining("does not run");
    }

    private static void nodeStartedAt(Path folder, long ticks) throws IOException {
        Files.createDirectories(folder.resolve("run"));
        Files.createDirectories(folder.resolve("42"));
        Files.createDirectories(folder.resolve("sys/kernel/random"));
        Files.writeString(folder.resolve("sys/kernel/random/boot_id"), "boot-1\n");
        String from4To21 = "1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 0 0";
        Files.writeString(folder.resolve("42/stat"), "42 (a ) b) S " + from4To21 + " " + ticks + " 23");
    }
}
