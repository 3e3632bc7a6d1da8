package io.parley.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.GroupCreated;
import io.parley.protocol.wire.Publication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MeasurePartsTest {

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
    void cpu_time_of_a_process_that_was_restarted_is_left_out(@TempDir Path folder) throws IOException {
        process(folder, "broker", 42, 150);
        process(folder, "engine", 43, 30);
        ServerProcesses processes = new ServerProcesses(folder, folder);
        Map<String, Long> before = Map.of("broker", 2_000_000L, "engine", 100_000L);
        assertThat(processes.cpuMicrosSince(before)).isEqualTo(Map.of("engine", 200_000L));
        assertThat(ServerFigures.since(before, processes, 4).cpuMicros()).isEqualTo(Map.of("engine", 50_000.0));
    }

    private static void process(Path folder, String role, int pid, int ticks) throws IOException {
        Files.createDirectories(folder.resolve("run"));
        Files.writeString(folder.resolve("run/" + role + ".pid"), pid + " 1700000000000");
        Path process = Files.createDirectories(folder.resolve(String.valueOf(pid)));
        Files.writeString(process.resolve("stat"), pid + " (java) S 1 2 3 4 5 6 7 8 9 10 " + ticks + " 0 0 0 20");
    }

    @ParameterizedTest
    @EnumSource
    void a_payload_is_a_publication_in_either_encoding(WireFormat encoding) throws MalformedPayload {
        Publication.Builder read = Publication.newBuilder();
        encoding.decode(Payloads.of("r-7", Payloads.text(7), encoding), read);
        assertThat(read.getId()).isEqualTo("r-7");
        assertThat(read.getText()).hasSize(100).startsWith("7 x");
    }

    @Test
    void a_pace_is_due_at_even_distances() {
        Pace pace = new Pace(1_000, 4);
        assertThat(pace.dueNanos(0)).isEqualTo(1_000);
        assertThat(pace.dueNanos(6)).isEqualTo(1_500_001_000L);
    }
}
