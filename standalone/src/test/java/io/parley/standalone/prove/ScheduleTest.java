package io.parley.standalone.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.standalone.ProcessName;
import io.parley.standalone.RoleName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a seed draws, and what the faults do. */
class ScheduleTest {
    private static final int SECONDS = 300;
    private static final List<ProcessName> PROCESSES = List.of(
            new ProcessName(RoleName.KAFKA, 1),
            new ProcessName(RoleName.KAFKA, 2),
            new ProcessName(RoleName.KAFKA, 3),
            new ProcessName(RoleName.ENGINE, 1),
            new ProcessName(RoleName.ENGINE, 2),
            new ProcessName(RoleName.CASSANDRA, 1),
            new ProcessName(RoleName.CASSANDRA, 2),
            new ProcessName(RoleName.BROKER, 1),
            new ProcessName(RoleName.BROKER, 2),
            new ProcessName(RoleName.PUSH, 0));

    @Test
    void the_same_seed_draws_the_same_faults() {
        assertThat(Schedule.draw(7, SECONDS, PROCESSES)).isEqualTo(Schedule.draw(7, SECONDS, PROCESSES));
        assertThat(Schedule.draw(7, SECONDS, PROCESSES)).isNotEqualTo(Schedule.draw(8, SECONDS, PROCESSES));
    }

    @Test
    void nothing_strikes_in_the_last_half_minute_and_two_at_most_at_a_time() {
        for (long seed = 0; seed < 500; seed++) {
            int begun = 0;
            int free = 0;
            int together = 0;
            for (Planned fault : Schedule.draw(seed, SECONDS, PROCESSES).faults()) {
                together = fault.atSeconds() == begun ? together + 1 : 1;
                assertThat(together).as("seed " + seed).isLessThanOrEqualTo(2);
                if (together == 1) {
                    assertThat(fault.atSeconds()).as("seed " + seed).isGreaterThan(free);
                }
                begun = fault.atSeconds();
                free = Math.max(free, fault.atSeconds() + fault.lastsSeconds());
                assertThat(free).as("seed " + seed).isLessThanOrEqualTo(SECONDS - 30);
            }
        }
    }

    @Test
    void some_strike_two_at_a_time_but_nobody_twice() {
        int pairs = 0;
        for (long seed = 0; seed < 100; seed++) {
            List<Planned> faults = Schedule.draw(seed, SECONDS, PROCESSES).faults();
            for (int i = 1; i < faults.size(); i++) {
                if (faults.get(i).atSeconds() == faults.get(i - 1).atSeconds()) {
                    pairs++;
                    assertThat(faults.get(i).targets())
                            .doesNotContainAnyElementsOf(faults.get(i - 1).targets());
                }
            }
        }
        assertThat(pairs).isGreaterThan(20);
    }

    @Test
    void something_strikes_in_the_shortest_time_too() {
        for (long seed = 0; seed < 500; seed++) {
            assertThat(Schedule.draw(seed, 60, PROCESSES).faults())
                    .as("seed " + seed)
                    .isNotEmpty();
        }
    }

    @Test
    void every_kind_is_drawn_and_every_process_is_struck_alone() {
        Set<String> kinds = new HashSet<>();
        Set<ProcessName> alone = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            for (Planned fault : Schedule.draw(seed, SECONDS, PROCESSES).faults()) {
                kinds.add(fault.kind());
                if (fault.kind().equals("kill")) {
                    assertThat(fault.targets()).hasSize(1);
                    alone.addAll(fault.targets());
                }
            }
        }
        assertThat(kinds).containsExactlyInAnyOrderElementsOf(Faults.kinds());
        assertThat(alone).containsExactlyInAnyOrderElementsOf(PROCESSES);
    }

    @Test
    void two_that_are_killed_at_once_are_of_one_role() {
        Fault two = Faults.of("kill-2");
        IntStream.range(0, 100)
                .mapToObj(seed -> two.draw(0, PROCESSES, new java.util.Random(seed)))
                .forEach(fault -> {
                    assertThat(fault.targets())
                            .extracting(ProcessName::role)
                            .containsOnly(fault.targets().get(0).role());
                    assertThat(fault.targets())
                            .doesNotHaveDuplicates()
                            .hasSize(fault.targets().get(0).role() == RoleName.PUSH ? 1 : 2);
                });
    }

    @Test
    void a_paused_process_goes_on_when_its_time_is_over() throws Exception {
        Recorded recorded = new Recorded();
        Planned pause = new Planned(0, "pause", List.of(PROCESSES.get(1)), 9);

        Faults.of("pause").strike(pause, recorded);

        assertThat(recorded.done).containsExactly("pause kafka-2", "wait 9", "resume kafka-2");
    }

    @Test
    void all_are_killed_when_the_power_fails() throws Exception {
        Recorded recorded = new Recorded();
        Fault all = Faults.of("kill-all");

        all.strike(all.draw(3, PROCESSES, new java.util.Random(1)), recorded);

        assertThat(recorded.done)
                .containsExactlyElementsOf(
                        PROCESSES.stream().map(process -> "kill " + process).toList());
    }

    @Test
    void what_is_severed_or_full_is_healed_when_its_time_is_over() throws Exception {
        Recorded recorded = new Recorded();
        for (String kind : List.of("partition", "kafka-alone-deaf", "disk-full-kafka", "loss")) {
            Fault fault = Faults.of(kind);
            fault.strike(fault.draw(0, PROCESSES, new java.util.Random(3)).lasting(7), recorded);
        }

        assertThat(recorded.done).hasSize(12);
        for (int i = 0; i < recorded.done.size(); i += 3) {
            assertThat(recorded.done.get(i + 1)).isEqualTo("wait 7");
            assertThat(recorded.done.get(i + 2)).isEqualTo("heal " + recorded.done.get(i));
        }
        assertThat(recorded.done.get(0)).contains("from kafka BOTH");
        assertThat(recorded.done.get(3)).startsWith("sever kafka-").endsWith("from kafka RECEIVED");
    }

    @Test
    void an_unknown_kind_is_named() {
        assertThatThrownBy(() -> Faults.of("flood"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("flood");
    }

    private static final class Recorded implements Processes {
        private final List<String> done = new ArrayList<>();

        @Override
        public void kill(ProcessName process) {
            done.add("kill " + process);
        }

        @Override
        public void pause(ProcessName process) {
            done.add("pause " + process);
        }

        @Override
        public void resume(ProcessName process) {
            done.add("resume " + process);
        }

        @Override
        public Optional<String> lacks(Need need) {
            return Optional.empty();
        }

        @Override
        public void stop(ProcessName process) {
            done.add("stop " + process);
        }

        @Override
        public Healing sever(ProcessName process, RoleName from, Direction direction) {
            return until("sever " + process + " from " + from + " " + direction);
        }

        @Override
        public Healing lose(int percent, Collection<ProcessName> processes) {
            return until("lose " + percent + " " + processes);
        }

        @Override
        public Healing fillDisk(ProcessName process) {
            return until("fill " + process);
        }

        private Healing until(String what) {
            done.add(what);
            return () -> done.add("heal " + what);
        }

        @Override
        public void waitSeconds(int seconds) {
            done.add("wait " + seconds);
        }
    }
}
