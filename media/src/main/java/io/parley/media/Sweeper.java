package io.parley.media;

import io.parley.storage.AttachmentChecks;
import io.parley.storage.AttachmentChecks.Check;
import io.parley.storage.AttachmentRights;
import io.parley.storage.AttachmentRights.Use;
import io.parley.storage.AttachmentRows;
import io.parley.storage.StoredAttachment;
import io.parley.storage.StoredAttachment.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is needed no more: unfinished uploads that have expired, attachments that no message shows. Looks at one check after the other, in slices.
 * Several may run at once: what one of them deletes is condemned in a transaction first.
 */
final class Sweeper {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final int SLICE = 100;
    /** Where nobody knows where to begin, nothing is older. */
    private static final int FIRST_HOURS = 7 * 24;
    /** Checks of this hour and the one before may still come. */
    private static final int OPEN_HOURS = 2;

    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final long LIMIT_SECONDS = 30;

    private final MediaSettings settings;
    private final AttachmentRows rows;
    private final AttachmentChecks checks;
    private final AttachmentRights rights;
    private final Uploads uploads;

    Sweeper(
            MediaSettings settings,
            AttachmentRows rows,
            AttachmentChecks checks,
            AttachmentRights rights,
            Uploads uploads) {
        this.settings = settings;
        this.rows = rows;
        this.checks = checks;
        this.rights = rights;
        this.uploads = uploads;
    }

    /** Does everything that is due; waits for it. What fails is due again the next time. */
    void sweep() throws InterruptedException {
        for (int shard = 0; shard < AttachmentChecks.SHARDS; shard++) {
            try {
                sweep(shard);
            } catch (ExecutionException | TimeoutException e) {
                LOG.warn(
                        "attachments are not checked now: {}", String.valueOf(e.getCause() == null ? e : e.getCause()));
                return;
            }
        }
    }

    private void sweep(int shard) throws InterruptedException, ExecutionException, TimeoutException {
        int current = AttachmentChecks.hour(Instant.now());
        int first = done(checks.position(shard, current - FIRST_HOURS));
        for (int hour = first; hour <= current; hour++) {
            List<Check> slice;
            do {
                slice = done(checks.due(hour, shard, Instant.now(), SLICE));
                for (Check check : slice) {
                    check(check);
                }
            } while (slice.size() == SLICE);
        }
        if (first < current - OPEN_HOURS) {
            var unused = done(checks.moveTo(shard, current - OPEN_HOURS));
        }
    }

    private void check(Check check) throws InterruptedException, ExecutionException, TimeoutException {
        Optional<String> late = LateBytes.upload(check.attachment());
        if (late.isPresent()) {
            var unused = done(uploads.deleteLate(late.get()));
            unused = done(checks.done(check));
            return;
        }
        Optional<StoredAttachment> found = done(rows.find(check.attachment()));
        if (found.isPresent()) {
            check(found.get());
        }
        var unused = done(checks.done(check));
    }

    private void check(StoredAttachment found) throws InterruptedException, ExecutionException, TimeoutException {
        if (found.state() == State.GOING) {
            var unused = done(uploads.delete(found));
            return;
        }
        Optional<Instant> end = end(found);
        if (end.isEmpty()) {
            return;
        }
        Instant now = Instant.now();
        if (end.get().isAfter(now)) {
            var unused = done(checks.add(found.id(), end.get()));
        } else if (done(rows.condemn(found))) {
            LOG.debug("attachment={} state={} is deleted", found.id(), found.state());
            var unused = done(uploads.delete(found));
        } else {
            // Named or finished since it was read.
            var unused = done(checks.add(found.id(), now.plus(AGAIN)));
        }
    }

    /** When it is to be deleted; empty while something shows it: the end of that is a check of its own. */
    private Optional<Instant> end(StoredAttachment found)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (found.state() == State.UPLOADING) {
            return Optional.of(uploads.expiry(found));
        }
        Use use = done(rights.use(found.id()));
        Instant named = found.named();
        return switch (use) {
            case SHOWN -> Optional.empty();
            case NOT_YET -> Optional.of((named == null ? found.created() : named).plus(settings.unreferencedExpiry()));
            case NO_MORE -> Optional.of(named == null ? Instant.EPOCH : named.plus(settings.releasedAfter()));
        };
    }

    private static <T> T done(CompletionStage<T> stage)
            throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
