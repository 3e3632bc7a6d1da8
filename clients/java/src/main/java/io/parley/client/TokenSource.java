package io.parley.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Where a client gets its tokens. */
@FunctionalInterface
public interface TokenSource {
    /**
     * A token that is good now: asked for before each CONNECT. After a token was refused, or has ended, the next one must be another: the same one again ends the client.
     * A source that fails is asked again with the next try.
     */
    CompletableFuture<String> token();

    /** A source that answers at once. */
    static TokenSource of(Supplier<String> source) {
        return () -> CompletableFuture.completedFuture(source.get());
    }
}
