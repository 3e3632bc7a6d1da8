package io.parley.storage;

import com.google.protobuf.util.Timestamps;
import io.parley.protocol.ConversationId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.PointersMoved;
import io.parley.protocol.wire.ChatEvent;
import io.parley.storage.cache.Appended;
import io.parley.storage.cache.CachedRow;
import io.parley.storage.cache.RecentMessages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells the cache what the archiver has stored. */
public final class RecentFeed {
    private final RecentMessages recent;

    RecentFeed(RecentMessages recent) {
        this.recent = recent;
    }

    /** Done, never with a failure, when the cache has all of it or does not answer. */
    CompletionStage<Void> stored(
            Map<ConversationId, List<LoggedEvent>> events, Map<ConversationId, List<PointersMoved>> pointers) {
        List<CompletionStage<Void>> all = new ArrayList<>();
        events.forEach((conversation, list) -> all.add(recent.append(conversation, appended(list))));
        pointers.forEach((conversation, list) -> {
            int purged = list.stream().mapToInt(PointersMoved::getPurged).max().orElse(0);
            if (purged > 0) {
                all.add(recent.purge(conversation, purged));
            }
        });
        return CompletableFuture.allOf(
                all.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
    }

    void close() {
        recent.close();
    }

    /** The seq of the last event that changes a message before it; 0 if none does. */
    static int lastChange(List<LoggedEvent> events) {
        return events.stream()
                .filter(logged -> isChange(logged.event().decoded()))
                .mapToInt(logged -> logged.event().seq())
                .max()
                .orElse(0);
    }

    private static boolean isChange(ChatEvent event) {
        return event.hasEdited() || event.hasDeleted() || event.hasUserErased();
    }

    private static Appended appended(List<LoggedEvent> events) {
        // Where seqs are missing, those after the gap are a beginning.
        int from = events.size() - 1;
        while (from > 0
                && events.get(from - 1).event().seq()
                        == events.get(from).event().seq() - 1) {
            from--;
        }
        List<LoggedEvent> unbroken = events.subList(from, events.size());
        List<Appended.Step> steps = new ArrayList<>();
        unbroken.forEach(logged -> add(steps, logged));
        return new Appended(
                unbroken.get(0).event().seq(),
                unbroken.get(unbroken.size() - 1).event().seq(),
                lastChange(unbroken),
                steps);
    }

    private static void add(List<Appended.Step> steps, LoggedEvent logged) {
        ChatEvent event = logged.event().decoded();
        int at = event.getSeq();
        steps.add(new Appended.Put(
                at, new CachedRow(at, logged.event().payload(WireFormat.PROTO), null, endsAtMillis(logged, event))));
        if (event.hasEdited()) {
            steps.add(new Appended.Edit(
                    at, event.getEdited().getSeq(), event.getEdited().getText()));
        }
        if (event.hasDeleted()) {
            steps.add(new Appended.Forget(at, event.getDeleted().getSeq()));
            event.getDeleted().getEditsList().forEach(seq -> steps.add(new Appended.Forget(at, seq)));
        }
        if (event.hasUserErased()) {
            steps.add(new Appended.ForgetAll(at));
        }
    }

    /** As {@link Term} has it. */
    private static long endsAtMillis(LoggedEvent logged, ChatEvent event) {
        int days = logged.keeping().getDays();
        return days == 0
                ? CachedRow.NEVER
                : Timestamps.toMillis(event.getAt()) + Duration.ofDays(days).toMillis();
    }
}
