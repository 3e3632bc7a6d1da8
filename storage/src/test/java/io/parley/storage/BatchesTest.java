package io.parley.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What goes together, and what becomes of what is refused, without a Cassandra. A row is known by its name. */
final class BatchesTest {
    private final List<List<String>> requests = new ArrayList<>();
    private final Set<String> tooLarge = new HashSet<>();
    private final Set<String> away = new HashSet<>();
    private final List<String> buried = new ArrayList<>();
    private final List<Runnable> soon = new ArrayList<>();
    private CompletionStage<?> burial = CompletableFuture.completedFuture(null);

    private final Batches batches = new Batches(
            this::send,
            row -> Set.of(row.key()),
            row -> {
                buried.add(row.key() + " " + row.reason());
                return burial;
            },
            soon::add);

    @Test
    void rows_of_several_with_the_same_replicas_go_together() {
        CompletableFuture<Void> one = write(row("a1", "a"), row("b1", "b"));
        CompletableFuture<Void> other = write(row("a2", "a"));
        assertThat(requests).isEmpty();
        aMomentLater();

        assertThat(requests).containsExactlyInAnyOrder(List.of("a1", "a2"), List.of("b1"));
        assertThat(one).isCompleted();
        assertThat(other).isCompleted();
    }

    @Test
    void who_needs_no_replica_that_is_away_does_not_wait() {
        away.add("a1");
        CompletableFuture<Void> one = write(row("a1", "a"));
        CompletableFuture<Void> other = write(row("b1", "b"));
        aMomentLater();

        assertThat(one).isCompletedExceptionally();
        assertThat(other).isCompleted();
        assertThat(buried).isEmpty();
    }

    @Test
    void a_batch_that_is_refused_is_halved_until_the_one_row_is_found() {
        tooLarge.add("5");
        CompletableFuture<Void> written = write(
                IntStream.range(0, 8).mapToObj(i -> row(String.valueOf(i), "a")).toArray(RowWrite[]::new));
        aMomentLater();

        assertThat(written).isCompleted();
        assertThat(buried).containsExactly("a Batch too large");
        assertThat(requests)
                .containsExactly(
                        List.of("0", "1", "2", "3", "4", "5", "6", "7"),
                        List.of("0", "1", "2", "3"),
                        List.of("4", "5", "6", "7"),
                        List.of("4", "5"),
                        List.of("4"),
                        List.of("5"),
                        List.of("6", "7"));
    }

    @Test
    void instead_of_a_row_that_is_refused_its_mark_is_written_once_the_row_is_buried() {
        tooLarge.add("large");
        CompletableFuture<Void> kept = new CompletableFuture<>();
        burial = kept;
        CompletableFuture<Void> written =
                write(new RowWrite(statement("large"), "a", null, statement("mark")), row("a2", "a"));
        aMomentLater();
        assertThat(written).isNotDone();
        assertThat(requests).doesNotContain(List.of("mark"));

        kept.complete(null);
        assertThat(written).isCompleted();
        assertThat(requests).last().isEqualTo(List.of("mark"));
    }

    @Test
    void a_row_that_can_be_buried_nowhere_is_not_written() {
        tooLarge.add("large");
        burial = CompletableFuture.failedFuture(new IllegalStateException("no log"));
        CompletableFuture<Void> written = write(row("large", "a"));
        aMomentLater();

        assertThatThrownBy(written::join).hasMessageContaining("no log");
    }

    @Test
    void fifty_rows_and_thirty_two_kibibytes_are_the_most() {
        CompletableFuture<Void> many =
                write(IntStream.range(0, 120).mapToObj(i -> row("r", "a")).toArray(RowWrite[]::new));
        aMomentLater();
        assertThat(requests).extracting(List::size).containsExactly(50, 50, 20);
        assertThat(many).isCompleted();

        requests.clear();
        CompletableFuture<Void> large =
                write(row("x".repeat(20_000), "a"), row("y".repeat(20_000), "a"), row("z", "a"));
        aMomentLater();
        assertThat(large).isCompleted();
        assertThat(requests).extracting(List::size).containsExactly(1, 2);
    }

    private CompletableFuture<Void> write(RowWrite... rows) {
        return batches.write(List.of(rows)).toCompletableFuture();
    }

    private void aMomentLater() {
        List.copyOf(soon).forEach(Runnable::run);
        soon.clear();
    }

    private CompletionStage<?> send(List<RowWrite> together) {
        List<String> names = together.stream().map(row -> name(row.statement())).toList();
        requests.add(names);
        if (names.stream().anyMatch(tooLarge::contains)) {
            return CompletableFuture.failedFuture(new InvalidQueryException(null, "Batch too large"));
        }
        return names.stream().anyMatch(away::contains)
                ? CompletableFuture.failedFuture(new IllegalStateException("not enough replicas"))
                : CompletableFuture.completedFuture(null);
    }

    private static RowWrite row(String name, String replicas) {
        return new RowWrite(statement(name), replicas, null, null);
    }

    private static String name(BoundStatement statement) {
        return statement.getPreparedStatement().getQuery();
    }

    /** Only what a batch asks of a statement: its query and its values. */
    private static BoundStatement statement(String name) {
        PreparedStatement prepared = played(PreparedStatement.class, "getQuery", name);
        ByteBuffer value = ByteBuffer.allocate(name.length());
        return (BoundStatement) Proxy.newProxyInstance(
                BatchesTest.class.getClassLoader(),
                new Class<?>[] {BoundStatement.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("getPreparedStatement")) {
                        return prepared;
                    }
                    return method.getName().equals("getValues") ? List.of(value) : unexpected(method.getName());
                });
    }

    private static <T> T played(Class<T> type, String name, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                BatchesTest.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> method.getName().equals(name) ? answer : unexpected(method.getName())));
    }

    private static @Nullable Object unexpected(String method) {
        throw new UnsupportedOperationException(method);
    }
}
