package io.parley.storage;

import java.util.function.Function;

/**
 * What was read, and its place in the {@link ReadBudget}. The place is free again when the value has been written to who asked; the budget takes it back
 * by itself after a time.
 *
 * @param value what was read
 * @param release gives the place back; may be called more than once
 */
public record Held<T>(T value, Runnable release) {
    /** Another value in the same place. */
    public <R> Held<R> map(Function<T, R> mapping) {
        return new Held<>(mapping.apply(value), release);
    }
}
