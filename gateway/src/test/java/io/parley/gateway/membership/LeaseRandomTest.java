package io.parley.gateway.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.membership.LeaseBench.Candidate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes come, die, stand still, are cut off and come back: no two of those that know the whole log act for one slot, and no epoch comes twice. */
final class LeaseRandomTest {
    private static final int SLOTS = 3;
    private static final int STEPS = 1_500;

    static LongStream seeds() {
        Long chosen = Long.getLong("seed");
        return chosen == null
                ? LongStream.concat(LongStream.range(0, 20), LongStream.of(System.nanoTime()))
                : LongStream.of(chosen);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a_slot_has_one_holder_at_a_time(long seed) {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        LeaseBench bench = new LeaseBench();
        Map<Long, String> epochs = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            disturb(bench, random);
            bench.pass(LeaseBench.TICK_MILLIS);
            List<Candidate> acting = bench.processes.stream()
                    .filter(process -> !process.cutOff && process.acts())
                    .toList();
            assertThat(acting)
                    .extracting(process -> process.node().getSlot())
                    .as("seed %s step %s", seed, step)
                    .doesNotHaveDuplicates();
            for (Candidate process : acting) {
                assertThat(epochs.merge(process.node().getEpoch(), process.name, (one, other) -> one))
                        .isEqualTo(process.name);
            }
        }
        bench.processes.forEach(process -> {
            process.stopped = process.lease.lost().isPresent();
            process.cutOff = false;
        });
        bench.start("last", SLOTS + bench.processes.size(), -1);
        bench.pass(60_000);
        long ended = bench.log.stream()
                .filter(entry -> bench.table()
                        .isOver(entry.note().getSlot(), entry.note().getEpoch()))
                .count();
        assertThat(ended).as("seed %s", seed).isPositive();
        assertThat(bench.table().leases())
                .as("what is held is held by somebody who acts, seed %s", seed)
                .allSatisfy(lease -> assertThat(bench.processes)
                        .anyMatch(process -> process.acts() && process.name.equals(lease.process())));
    }

    private static void disturb(LeaseBench bench, Random random) {
        if (bench.processes.stream().filter(process -> !process.stopped).count() < SLOTS + 1
                && random.nextInt(10) == 0) {
            bench.start("p" + bench.processes.size(), SLOTS, random.nextInt(SLOTS + 1) - 1);
        }
        if (bench.processes.isEmpty() || random.nextInt(5) > 0) {
            return;
        }
        Candidate one = bench.processes.get(random.nextInt(bench.processes.size()));
        switch (random.nextInt(8)) {
            case 0, 1 -> one.stopped = true;
            case 2, 3 -> one.stopped = one.lease.lost().isPresent();
            case 4 -> one.cutOff = true;
            case 5 -> bench.processes.forEach(process -> process.cutOff = false);
            case 6 -> {
                if (!one.stopped) {
                    one.lease.release();
                }
            }
            default -> bench.logMillis += random.nextInt(3_600_000) - 1_800_000;
        }
    }
}
