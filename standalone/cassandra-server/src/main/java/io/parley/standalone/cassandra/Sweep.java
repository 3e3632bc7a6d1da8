package io.parley.standalone.cassandra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.cassandra.db.commitlog.CommitLog;
import org.apache.cassandra.service.StorageService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the bytes of what was deleted or overwritten off the disk, once in a while: from the commit log and from every file, whichever time
 * window it is of. Compaction alone leaves them where they are until all of a window expires. Reads and writes every file once.
 */
final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final Path last;
    private final Duration interval;

    private Sweep(Path last, Duration interval) {
        this.last = last;
        this.interval = interval;
    }

    /**
     * Sweeps from now on, in a thread of its own. Cassandra must be up.
     *
     * @param last a file that remembers the last time across starts
     * @param interval how often
     */
    static void start(Path last, Duration interval) throws IOException {
        Sweep sweep = new Sweep(last, interval);
        if (Files.notExists(last)) {
            Files.createFile(last);
        }
        Duration pause = interval.compareTo(LONGEST_PAUSE) < 0 ? interval : LONGEST_PAUSE;
        var unused = Executors.newSingleThreadScheduledExecutor(task -> {
                    Thread thread = new Thread(task, "sweep");
                    thread.setDaemon(true);
                    return thread;
                })
                .scheduleWithFixedDelay(sweep::sweepIfDue, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void sweepIfDue() {
        try {
            Instant start = Instant.now();
            if (start.isBefore(Files.getLastModifiedTime(last).toInstant().plus(interval))) {
                return;
            }
            CommitLog.instance.forceRecycleAllSegments();
            for (String keyspace : StorageService.instance.getNonSystemKeyspaces()) {
                StorageService.instance.garbageCollect("CELL", 1, keyspace);
            }
            Files.setLastModifiedTime(last, FileTime.from(start));
            LOG.info("swept millis={}", Duration.between(start, Instant.now()).toMillis());
        } catch (IOException | ExecutionException | RuntimeException e) {
            LOG.warn("what was deleted cannot be swept off the disk now, trying again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
