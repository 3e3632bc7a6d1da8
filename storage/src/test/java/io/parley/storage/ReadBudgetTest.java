package io.parley.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.UserId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who asks for much waits for their own reads, and nobody else does. The store and the clock are the test's. */
final class ReadBudgetTest {
    private static final UserId ANN = UserId.parse("ann");
    private static final UserId BEN = UserId.parse("ben");
    private static final UserId CID = UserId.parse("cid");
    private static final long SECOND = 1_000_000_000L;
    private static final int KIB = 1024;

    private final Time time = new Time();
    private final Store store = new Store();
    private ReadBudget budget = budget(4, 2, 100, 10);

    private ReadBudget budget(int reads, int readsOfUser, int waiting, int waitingOfUser) {
        return new ReadBudget(
                new ReadBudget.Limits(
                        reads,
                        readsOfUser,
                        100 * KIB,
                        40 * KIB,
                        waiting,
                        waitingOfUser,
                        5 * SECOND,
                        10 * SECOND,
                        1000 * KIB),
                time);
    }

    @Test
    void a_user_beyond_their_share_waits_and_another_is_served_meanwhile() {
        List<Read> anns = ask(ANN, "a", 5, KIB);
        Read bens = ask(BEN, "b", KIB);

        assertThat(store.started()).containsExactly("a0", "a1", "b");
        store.answer("b");
        assertThat(bens.isDone()).isTrue();
        assertThat(anns).noneMatch(Read::isDone);
        assertThat(store.started()).as("a place that another leaves").containsExactly("a0", "a1", "b");

        store.answer("a0");
        anns.get(0).release();
        assertThat(store.started()).containsExactly("a0", "a1", "b", "a2");
    }

    @Test
    void a_free_place_goes_to_the_users_in_turn() {
        budget = budget(1, 1, 100, 10);
        ask(ANN, "a", 3, KIB);
        ask(BEN, "b", 2, KIB);
        ask(CID, "c", 1, KIB);

        for (String read : List.of("a0", "b0", "c0", "a1", "b1", "a2")) {
            assertThat(store.started()).endsWith(read);
            store.answer(read).release();
        }
        assertThat(budget.underWay()).isZero();
        assertThat(budget.waiting()).isZero();
    }

    @Test
    void bytes_count_until_what_was_read_is_written() {
        List<Read> anns = ask(ANN, "a", 2, 40 * KIB);
        store.answer("a0");
        assertThat(store.started()).containsExactly("a0");

        anns.get(0).release();
        anns.get(0).release();

        assertThat(store.started()).containsExactly("a0", "a1");
        assertThat(budget.underWay()).isEqualTo(1);
    }

    @Test
    void what_is_never_written_makes_room_after_a_time() {
        ask(ANN, "a", 2, 40 * KIB);
        store.answer("a0");
        time.pass(4 * SECOND);
        assertThat(store.started()).containsExactly("a0");
        // The second one would have waited too long.
        time.pass(SECOND);
        ask(ANN, "late", 40 * KIB);
        time.pass(4 * SECOND);
        assertThat(store.started()).containsExactly("a0");

        time.pass(SECOND);

        assertThat(store.started()).containsExactly("a0", "late");
    }

    @Test
    void a_read_larger_than_a_share_takes_all_of_it() {
        ask(ANN, "large", 1000 * KIB);
        ask(ANN, "small", KIB);

        assertThat(store.started()).containsExactly("large");
        store.answer("large").release();
        assertThat(store.started()).containsExactly("large", "small");
    }

    @Test
    void all_users_together_hold_no_more_than_all_bytes_and_nobody_is_overtaken() {
        ask(ANN, "a", 40 * KIB);
        ask(BEN, "b", 40 * KIB);
        ask(CID, "c", 40 * KIB);
        ask(UserId.parse("dan"), "d", KIB);
        assertThat(store.started()).containsExactly("a", "b");

        store.answer("a").release();

        assertThat(store.started()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void one_read_too_many_is_refused_and_another_users_is_not() {
        List<Read> anns = ask(ANN, "a", 13, KIB);

        assertThat(anns.get(12).failure()).isInstanceOf(ReadsLimitedException.class);
        assertThat(anns.subList(0, 12)).noneMatch(Read::isDone);
        ask(BEN, "b", KIB);
        assertThat(store.started()).containsExactly("a0", "a1", "b");
    }

    @Test
    void all_users_together_wait_no_more_than_may_wait() {
        budget = budget(1, 1, 2, 2);
        ask(ANN, "a", 2, KIB);
        ask(BEN, "b", 1, KIB);

        assertThat(ask(CID, "c", KIB).failure()).isInstanceOf(ReadsLimitedException.class);
    }

    @Test
    void what_waits_too_long_is_refused_and_never_read() {
        List<Read> anns = ask(ANN, "a", 3, KIB);
        time.pass(5 * SECOND);

        assertThat(anns.get(2).failure()).isInstanceOf(ReadsLimitedException.class);
        store.answer("a0").release();
        store.answer("a1").release();
        ask(ANN, "next", KIB);
        assertThat(store.started()).containsExactly("a0", "a1", "next");
    }

    @Test
    void slow_storage_of_one_user_leaves_the_others_their_places() {
        ask(ANN, "slow", 2, KIB);
        for (int i = 0; i < 100; i++) {
            ask(BEN, "b" + i, KIB);
            store.answer("b" + i).release();
        }

        assertThat(store.started()).hasSize(102);
        assertThat(budget.underWay()).isEqualTo(2);
    }

    @Test
    void a_failed_read_makes_room_and_fails_as_it_did() {
        List<Read> anns = ask(ANN, "a", 3, KIB);
        IllegalStateException out = new IllegalStateException("out");

        store.fail("a0", out);

        assertThat(anns.get(0).failure()).isSameAs(out);
        assertThat(store.started()).containsExactly("a0", "a1", "a2");
    }

    @Test
    void who_read_much_waits_until_it_has_come_back() {
        // All that a user has, and what comes back in four seconds.
        spend(ANN, "a", 1400 * KIB);
        ask(ANN, "next", KIB);
        ask(BEN, "b", KIB);
        time.pass(39 * SECOND / 10);
        assertThat(store.started()).containsExactly("a", "b");

        time.pass(2 * SECOND / 10);

        assertThat(store.started()).containsExactly("a", "b", "next");
    }

    @Test
    void what_was_not_read_for_ten_seconds_may_be_read_at_once_and_no_more_is_saved() {
        time.pass(1000 * SECOND);
        spend(ANN, "a", 1000 * KIB);
        ask(ANN, "b", KIB);
        assertThat(store.started()).containsExactly("a", "b");
        store.answer("b").release();
        spend(ANN, "c", KIB);

        ask(ANN, "d", KIB);

        assertThat(store.started()).containsExactly("a", "b", "c");
    }

    @Test
    void thousands_of_reads_that_end_at_once_are_no_deep_recursion() {
        budget = budget(1, 1, 100_000, 100_000);
        Read first = ask(ANN, "first", KIB);
        int[] read = new int[1];
        for (int i = 0; i < 50_000; i++) {
            var unused = budget.read(ANN, 1, lease -> CompletableFuture.completedFuture(++read[0]))
                    .thenAccept(held -> held.release().run());
        }

        store.answer("first");
        first.release();

        assertThat(read[0]).isEqualTo(50_000);
    }

    private List<Read> ask(UserId user, String name, int count, long bytes) {
        return IntStream.range(0, count)
                .mapToObj(number -> ask(user, name + number, bytes))
                .toList();
    }

    private Read ask(UserId user, String name, long bytes) {
        return store.of(name, budget.read(user, bytes, lease -> store.read(name)));
    }

    private void spend(UserId user, String name, long bytes) {
        Read read = store.of(name, budget.read(user, KIB, lease -> {
            lease.spend(bytes);
            return store.read(name);
        }));
        store.answer(name);
        read.release();
    }

    /** What somebody asked for. */
    private record Read(CompletableFuture<Held<String>> result) {
        boolean isDone() {
            return result.isDone();
        }

        void release() {
            result.join().release().run();
        }

        Throwable failure() {
            return result.handle((held, failure) -> failure).join();
        }
    }

    /** Answers when the test says so. */
    private static final class Store {
        private final Map<String, CompletableFuture<String>> reads = new LinkedHashMap<>();
        private final Map<String, Read> asked = new LinkedHashMap<>();

        CompletionStage<String> read(String name) {
            CompletableFuture<String> read = new CompletableFuture<>();
            reads.put(name, read);
            return read;
        }

        Read of(String name, CompletionStage<Held<String>> result) {
            Read read = new Read(result.toCompletableFuture());
            asked.put(name, read);
            return read;
        }

        List<String> started() {
            return List.copyOf(reads.keySet());
        }

        Read answer(String name) {
            assertThat(reads).containsKey(name);
            Objects.requireNonNull(reads.get(name)).complete(name);
            return Objects.requireNonNull(asked.get(name));
        }

        void fail(String name, RuntimeException failure) {
            Objects.requireNonNull(reads.get(name)).completeExceptionally(failure);
        }
    }

    private static final class Time implements ReadBudget.Clock {
        private record Timer(Runnable task, long due, int number) {}

        private final PriorityQueue<Timer> timers =
                new PriorityQueue<>(Comparator.comparingLong(Timer::due).thenComparingInt(Timer::number));
        private final List<Timer> all = new ArrayList<>();
        private long now = 1;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void later(Runnable task, long nanos) {
            Timer timer = new Timer(task, now + nanos, all.size());
            all.add(timer);
            timers.add(timer);
        }

        void pass(long nanos) {
            long end = now + nanos;
            while (!timers.isEmpty() && timers.element().due() <= end) {
                Timer next = timers.remove();
                now = next.due();
                next.task().run();
            }
            now = end;
        }
    }
}
