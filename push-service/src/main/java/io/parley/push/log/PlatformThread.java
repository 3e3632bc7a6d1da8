package io.parley.push.log;

import io.parley.protocol.LogTopics;
import io.parley.push.provider.PushProvider;
import io.parley.push.sending.Endings;
import io.parley.push.sending.Lane;
import io.parley.runtime.ServerProcess;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log for one platform and sends, in a thread of its own. Each platform has its own consumer group, so that one whose provider is away keeps none of
 * the others waiting. What breaks the reading is met with a new consumer, which goes on at the committed offsets.
 */
public final class PlatformThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PlatformThread.class);
    private static final long LAST_ANSWERS_MILLIS = 3000;
    private static final long CLOSE_MILLIS = 8000;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final PushProvider provider;
    private final OutcomeLog outcomes;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Function<Endings, Lane> lanes;
    private final long reloadNanos;
    private final Thread thread;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean joined = new AtomicBoolean();
    private long reloadedNanos = System.nanoTime();

    /**
     * Opens nothing yet.
     *
     * @param consumers opens a consumer of the platform's group
     * @param lanes makes a lane of the provider
     * @param reloadEvery how often the provider looks after its secrets
     */
    public PlatformThread(
            PushProvider provider,
            OutcomeLog outcomes,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Function<Endings, Lane> lanes,
            Duration reloadEvery) {
        this.provider = provider;
        this.outcomes = outcomes;
        this.consumers = consumers;
        this.lanes = lanes;
        this.reloadNanos = reloadEvery.toNanos();
        this.thread = new Thread(this::run, LogTopics.notificationReader(provider.platform()));
        thread.setDaemon(true);
    }

    /** Starts the thread and returns at once. Kafka may come up later. */
    public void start() {
        thread.start();
    }

    /** Whether it reads the log, or could at once if another process left it a partition. */
    public boolean isReading() {
        return joined.get() && thread.isAlive();
    }

    @Override
    public void close() {
        closing.set(true);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (provider) {
            while (!closing.get()) {
                sendUntilBroken();
            }
        } catch (InterruptedException | InterruptException e) {
            ServerProcess.fail(thread.getName() + " was interrupted", e);
        } catch (RuntimeException | Error e) {
            ServerProcess.fail(thread.getName() + " broke", e);
        } finally {
            joined.set(false);
        }
    }

    private void sendUntilBroken() throws InterruptedException {
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            NotificationLoop loop =
                    new NotificationLoop(consumer, provider.platform(), outcomes, lanes, System::currentTimeMillis);
            loop.subscribe(() -> joined.set(true));
            while (!closing.get()) {
                loop.turn();
                reload();
            }
            finish(loop);
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            joined.set(false);
            LOG.warn("platform={} reading notifications broke, starting anew", provider.platform(), e);
            TimeUnit.MILLISECONDS.sleep(RETRY_AFTER.toMillis());
        }
    }

    /** What is answered in time need not be sent again after the next start. */
    private static void finish(NotificationLoop loop) {
        loop.stop();
        long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_ANSWERS_MILLIS);
        while (loop.isSending() && System.nanoTime() - untilNanos < 0) {
            loop.turn();
        }
        loop.finish();
    }

    private void reload() {
        long nowNanos = System.nanoTime();
        if (nowNanos - reloadedNanos >= reloadNanos) {
            reloadedNanos = nowNanos;
            provider.reload();
        }
    }
}
