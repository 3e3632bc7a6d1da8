package io.parley.storage.cache;

import io.micrometer.core.instrument.MeterRegistry;
import io.parley.protocol.ConversationId;
import io.parley.runtime.HistoryCacheSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The newest messages of conversations: this process's cache first, then Redis, as far as the settings have them. Nothing here fails; what is not found is
 * to be read from the store.
 */
public final class RecentMessages implements AutoCloseable {
    /** No cache at all. */
    public static final RecentMessages NONE = new RecentMessages(null, null, null, null, 0, 0);

    /** Messages of a conversation, whatever the settings say. */
    public static final int MOST = HistoryCacheSettings.MAX_MESSAGES;

    private final @Nullable ProcessCache process;
    private final @Nullable CacheMetrics processMetrics;
    private final @Nullable RedisCache redis;
    private final @Nullable CacheMetrics redisMetrics;
    private final int messages;
    private final int messageBytes;

    private RecentMessages(
            @Nullable ProcessCache process,
            @Nullable CacheMetrics processMetrics,
            @Nullable RedisCache redis,
            @Nullable CacheMetrics redisMetrics,
            int messages,
            int messageBytes) {
        this.process = process;
        this.processMetrics = processMetrics;
        this.redis = redis;
        this.redisMetrics = redisMetrics;
        this.messages = messages;
        this.messageBytes = messageBytes;
    }

    /**
     * For a process that reads. Returns at once, also when there is no Redis yet.
     *
     * @param store the store's identity, see {@code Schema}
     */
    public static RecentMessages ofReader(HistoryCacheSettings settings, String store, MeterRegistry registry) {
        CacheMetrics process = CacheMetrics.of(registry, "caffeine");
        return opened(
                settings,
                settings.processBytes() > 0 ? new ProcessCache(settings, process) : null,
                process,
                store,
                registry);
    }

    /** For the archiver, which reads nothing; likewise. */
    public static RecentMessages ofArchiver(HistoryCacheSettings settings, String store, MeterRegistry registry) {
        return opened(settings, null, null, store, registry);
    }

    private static RecentMessages opened(
            HistoryCacheSettings settings,
            @Nullable ProcessCache process,
            @Nullable CacheMetrics processMetrics,
            String store,
            MeterRegistry registry) {
        CacheMetrics metrics = CacheMetrics.of(registry, "redis");
        RedisCache redis = settings.redis().isEmpty() ? null : new RedisCache(settings, store, metrics);
        return new RecentMessages(
                process, processMetrics, redis, metrics, settings.messages(), settings.messageBytes());
    }

    /** Whether there is any. */
    public boolean isOn() {
        return process != null || redis != null;
    }

    /** Whether all of a stretch may be found. */
    public boolean mayHave(Wanted wanted) {
        return isOn() && isRecent(wanted.low(), wanted.state().head());
    }

    /** Whether a row of that seq is kept. */
    private boolean isRecent(int seq, int head) {
        return seq > (long) head - messages;
    }

    /** Whether Redis is asked now. */
    public boolean isRedisConnected() {
        return redis != null && redis.isConnected();
    }

    /** The rows, ascending, as the store would give them; empty when they are to be read there. */
    public CompletionStage<Optional<List<CachedRow>>> find(ConversationId conversation, Wanted wanted) {
        if (process != null && processMetrics != null) {
            Optional<List<CachedRow>> here = wanted.from(process.read(conversation));
            processMetrics.found(here.isPresent());
            if (here.isPresent()) {
                return CompletableFuture.completedFuture(here);
            }
        }
        return redis == null
                ? CompletableFuture.completedFuture(Optional.empty())
                : findInRedis(redis, conversation, wanted);
    }

    private CompletionStage<Optional<List<CachedRow>>> findInRedis(
            RedisCache from, ConversationId conversation, Wanted wanted) {
        return from.read(conversation, wanted.low(), wanted.high()).thenApply(snapshot -> {
            Optional<List<CachedRow>> there = wanted.from(snapshot);
            if (redisMetrics != null) {
                redisMetrics.found(there.isPresent());
            }
            if (there.isPresent() && process != null) {
                process.fill(conversation, snapshot);
            }
            return there;
        });
    }

    /**
     * Keeps what was read from the store.
     *
     * @param state as it was read before the rows
     * @param rows of a stretch of seqs, those of which nothing is stored included
     */
    public void keep(ConversationId conversation, Wanted.State state, Collection<CachedRow> rows) {
        List<CachedRow> kept = new ArrayList<>();
        for (CachedRow row : rows) {
            if (isRecent(row.seq(), state.head()) && row.seq() <= state.head() && row.bytes() <= messageBytes) {
                kept.add(row);
            }
        }
        // While a change is under way nobody knows whether the rows have it.
        if (kept.isEmpty() || state.changed() > state.head()) {
            return;
        }
        Snapshot read = Snapshot.of(state.head(), state.changed(), kept);
        if (process != null) {
            process.fill(conversation, read);
        }
        if (redis != null) {
            var unused = redis.fill(conversation, read);
        }
    }

    /** Keeps what the archiver has stored. Done, without a failure, when Redis has it or does not answer. */
    public CompletionStage<Void> append(ConversationId conversation, Appended appended) {
        return redis == null ? CompletableFuture.completedFuture(null) : redis.append(conversation, bounded(appended));
    }

    private Appended bounded(Appended appended) {
        List<Appended.Step> steps = new ArrayList<>();
        for (Appended.Step step : appended.steps()) {
            if (step instanceof Appended.Put put
                    && (put.row().bytes() > messageBytes || !isRecent(put.at(), appended.last()))) {
                continue;
            }
            steps.add(
                    step instanceof Appended.Edit edit && edit.text().length() > messageBytes
                            ? new Appended.Forget(edit.at(), edit.seq())
                            : step);
        }
        return new Appended(appended.first(), appended.last(), appended.changed(), steps);
    }

    /** Forgets everything up to that seq, which is deleted. Done, without a failure, likewise. */
    public CompletionStage<Void> purge(ConversationId conversation, int through) {
        return redis == null ? CompletableFuture.completedFuture(null) : redis.purge(conversation, through);
    }

    @Override
    public void close() {
        if (redis != null) {
            redis.close();
        }
    }
}
