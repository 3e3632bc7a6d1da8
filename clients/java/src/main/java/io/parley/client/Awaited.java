package io.parley.client;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Answers that somebody waits for, by a key. The oldest are given up when there are too many. Thread-safe. */
final class Awaited<K, V> {
    private final int most;
    private final Map<K, CompletableFuture<V>> waiting = new LinkedHashMap<>();

    Awaited(int most) {
        this.most = most;
    }

    synchronized CompletableFuture<V> await(K key) {
        CompletableFuture<V> answer = waiting.computeIfAbsent(key, unused -> new CompletableFuture<>());
        if (waiting.size() > most) {
            Iterator<CompletableFuture<V>> oldest = waiting.values().iterator();
            oldest.next().completeExceptionally(new ParleyException("more than " + most + " answers are awaited"));
            oldest.remove();
        }
        return answer;
    }

    /** False if nobody waits for it. */
    boolean answer(K key, V value) {
        CompletableFuture<V> answer = take(key);
        return answer != null && answer.complete(value);
    }

    void fail(K key, ParleyException why) {
        CompletableFuture<V> answer = take(key);
        if (answer != null) {
            answer.completeExceptionally(why);
        }
    }

    void failAll(String why) {
        Map<K, CompletableFuture<V>> all;
        synchronized (this) {
            all = Map.copyOf(waiting);
            waiting.clear();
        }
        all.values().forEach(answer -> answer.completeExceptionally(new ParleyException(why)));
    }

    private synchronized @Nullable CompletableFuture<V> take(K key) {
        return waiting.remove(key);
    }
}
