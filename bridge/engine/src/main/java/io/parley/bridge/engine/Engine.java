package io.parley.bridge.engine;

import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.parley.protocol.LogTopics;
import io.parley.runtime.KafkaSettings;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machines at work: Kafka Streams, exactly once. */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int LINGER_MILLIS = 3;
    /** Of an engine without work; PacedClients wait shorter while there is some. */
    private static final int IDLE_POLL_MILLIS = 100;

    /** In a session's time-out. */
    private static final int HEARTBEATS = 6;

    /** Of a transaction with RocksDB, at least: a disk that stalls for a while must not cost a restoration of all that is on it. */
    private static final Duration TRANSACTION_ON_DISK = Duration.ofSeconds(10);

    /** How long a changelog tells of a row that was deleted. */
    private static final Duration DELETED_KEPT = Duration.ofHours(24);

    private final @Nullable RocksMemory memory;
    private final KafkaStreams streams;
    private final SlotReader lives;
    private final KafkaStreamsMetrics shown;
    private final Backoff backoff = new Backoff(System::nanoTime);

    /**
     * @param kafka where the log is
     * @param settings how the engine runs
     * @param metrics where commands are counted
     */
    public Engine(KafkaSettings kafka, EngineSettings settings, EngineMetrics metrics) {
        Refusals refusals = new Refusals();
        StateFolder folder = new StateFolder(settings.store().directory());
        boolean onDisk = settings.store().kind() == StoreSettings.Kind.ROCKSDB;
        memory = onDisk ? new RocksMemory(settings.store()) : null;
        Properties properties = properties(kafka, settings, refusals);
        if (memory != null) {
            folder.prepare();
            properties.putAll(memory.properties());
        }
        lives = new SlotReader(kafka.client());
        try {
            streams = new KafkaStreams(
                    new EngineTopology(settings, lives, refusals, metrics).build(),
                    properties,
                    new PacedClients(Duration.ofMillis(settings.commitIntervalMillis())));
        } catch (StreamsException e) {
            lives.close();
            throw folder.explained(e);
        }
        shown = metrics.show(streams);
        streams.setUncaughtExceptionHandler(failure -> {
            Duration wait = backoff.failed();
            metrics.threadReplaced();
            String fault = folder.fault(failure);
            if (fault != null) {
                LOG.error("{}", fault);
            }
            LOG.warn(
                    "stream thread is replaced waitMillis={} reason={}",
                    wait.toMillis(),
                    String.valueOf(failure.getMessage()),
                    failure);
            backoff.await(wait);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    }

    /** Starts; returns at once. */
    public void start() {
        lives.start();
        streams.start();
    }

    /** Whether commands are being processed. */
    public boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** The state in Kafka Streams' words. */
    public String state() {
        return streams.state().toString();
    }

    @Override
    public void close() {
        backoff.close();
        shown.close();
        streams.close(CloseOptions.timeout(Duration.ofSeconds(10))
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        lives.close();
        if (memory != null && streams.state() == KafkaStreams.State.NOT_RUNNING) {
            memory.close();
        }
    }

    private static Duration transactionTimeout(EngineSettings settings) {
        Duration timeout = settings.transactionTimeout();
        boolean longer =
                settings.store().kind() == StoreSettings.Kind.ROCKSDB && timeout.compareTo(TRANSACTION_ON_DISK) < 0;
        return longer ? TRANSACTION_ON_DISK : timeout;
    }

    private static Properties properties(KafkaSettings kafka, EngineSettings settings, Refusals refusals) {
        Properties properties = new Properties();
        properties.putAll(kafka.client().properties());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, LogTopics.ENGINE_READER);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitIntervalMillis());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(
                StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG,
                settings.store().standbys().orElse(kafka.replication() > 1 ? 1 : 0));
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) kafka.replication());
        properties.put(
                StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
                LogSetup.minInSyncReplicas(kafka.replication()));
        properties.put(FailedCommands.REFUSALS, refusals);
        properties.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, RefusedRecords.class);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, FailedCommands.class);
        // Keys and values are read as they are: nothing can be wrong with them here.
        properties.put(
                StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueExceptionHandler.class);
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.store().directory());
        // Kafka forgets what was deleted. Files that are older would bring it back: they are restored instead.
        properties.put(StreamsConfig.topicPrefix(TopicConfig.DELETE_RETENTION_MS_CONFIG), DELETED_KEPT.toMillis());
        properties.put(
                StreamsConfig.STATE_CLEANUP_DIR_MAX_AGE_MS_CONFIG,
                DELETED_KEPT.dividedBy(2).toMillis());
        properties.put(StreamsConfig.POLL_MS_CONFIG, IDLE_POLL_MILLIS);
        // Commands to conversations and to users need no common order: neither waits until it is known that there are
        // none of the other.
        properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        // The first records of a transaction, and with them its partitions, are in the log before it commits.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), LINGER_MILLIS);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 2);
        // Slots that another engine added are known soon: what is for them is dropped until then.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.METADATA_MAX_AGE_CONFIG), 10_000);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG), 100);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), (int)
                transactionTimeout(settings).toMillis());
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), (int)
                settings.sessionTimeout().toMillis());
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                (int) settings.sessionTimeout().toMillis() / HEARTBEATS);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        return properties;
    }
}
