package io.parley.storage.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.parley.protocol.ConversationId;
import io.parley.runtime.HistoryCacheSettings;

/** Snapshots in this process's memory. Nobody tells it of changes: {@link Wanted#from} finds out which snapshots lack one. */
final class ProcessCache {
    private final Cache<ConversationId, Snapshot> snapshots;
    private final int limit;
    private final CacheMetrics metrics;

    ProcessCache(HistoryCacheSettings settings, CacheMetrics metrics) {
        this.limit = settings.messages();
        this.metrics = metrics;
        this.snapshots = Caffeine.newBuilder()
                .maximumWeight(settings.processBytes())
                .weigher((ConversationId conversation, Snapshot snapshot) -> snapshot.weight())
                // From its beginning on, however often it grows: what expired or was deleted is in memory no longer
                // than that.
                .expireAfter(Expiry.creating((ConversationId conversation, Snapshot snapshot) -> settings.lifetime()))
                .build();
    }

    Snapshot read(ConversationId conversation) {
        Snapshot found = snapshots.getIfPresent(conversation);
        return found == null ? Snapshot.EMPTY : found;
    }

    void fill(ConversationId conversation, Snapshot read) {
        metrics.fills().increment();
        snapshots.asMap().merge(conversation, read, (before, more) -> {
            Snapshot merged = before.merged(more, limit);
            if (!before.has(merged.changed()) && !before.rows().isEmpty()) {
                metrics.invalidations().increment();
            }
            return merged;
        });
    }
}
