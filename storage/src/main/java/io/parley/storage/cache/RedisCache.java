package io.parley.storage.cache;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisURI;
import io.parley.protocol.ConversationId;
import io.parley.runtime.HistoryCacheSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Snapshots in Redis, for all processes: a hash for each conversation, with a field for each row. Scripts keep {@link Snapshot}'s rule there, so that it does
 * not matter who writes when. Nothing here ever fails: without an answer in time nothing is found, and nothing is kept.
 */
final class RedisCache implements AutoCloseable {
    /** Of keys and values. What another version wrote is never read. */
    private static final int VERSION = 1;

    private static final RedisScript APPEND = RedisScript.named("append.lua");
    private static final RedisScript FILL = RedisScript.named("fill.lua");
    private static final RedisScript PURGE = RedisScript.named("purge.lua");
    private static final byte[] NONE = {};

    private final RedisLink link;
    private final String prefix;
    private final int limit;
    private final long lifetimeMillis;
    private final CacheMetrics metrics;

    /** @param store tells apart stores that use the same Redis; another after the store was made anew */
    RedisCache(HistoryCacheSettings settings, String store, CacheMetrics metrics) {
        this.metrics = metrics;
        this.link = new RedisLink(
                RedisURI.create(settings.redis()), settings.redisTimeout(), settings.redisPause(), metrics);
        this.prefix = "parley:recent:" + VERSION + ":" + store + ":";
        this.limit = settings.messages();
        this.lifetimeMillis = settings.lifetime().toMillis();
    }

    boolean isConnected() {
        return link.isConnected();
    }

    /** What it has of these seqs. */
    CompletionStage<Snapshot> read(ConversationId conversation, int low, int high) {
        byte[][] fields = new byte[Math.max(0, high - low + 1) + 2][];
        fields[0] = bytes("v");
        fields[1] = bytes("c");
        for (int seq = low; seq <= high; seq++) {
            fields[seq - low + 2] = number(seq);
        }
        return link.ask(redis -> redis.hmget(key(conversation), fields))
                .thenApply(values -> values.map(found -> snapshot(found, low)).orElse(Snapshot.EMPTY));
    }

    private static Snapshot snapshot(List<KeyValue<byte[], byte[]>> found, int low) {
        Optional<Integer> through = integer(found.get(0));
        Optional<Integer> changed = integer(found.get(1));
        if (through.isEmpty() || changed.isEmpty()) {
            return Snapshot.EMPTY;
        }
        List<CachedRow> rows = new ArrayList<>();
        for (int i = 2; i < found.size(); i++) {
            if (found.get(i).hasValue()) {
                CachedRow row = RowCodec.decode(low + i - 2, found.get(i).getValue());
                if (row != null) {
                    rows.add(row);
                }
            }
        }
        return Snapshot.of(through.get(), changed.get(), rows);
    }

    /** Adds what a reader has found, unless it may lack a change. */
    CompletionStage<Void> fill(ConversationId conversation, Snapshot read) {
        List<byte[]> arguments = numbers(read.through(), read.changed(), limit, lifetimeMillis);
        read.rows().values().forEach(row -> {
            arguments.add(number(row.seq()));
            arguments.add(RowCodec.encode(row));
        });
        return run(FILL, conversation, arguments);
    }

    /** Adds what the archiver has stored. */
    CompletionStage<Void> append(ConversationId conversation, Appended appended) {
        List<byte[]> arguments = numbers(appended.first(), appended.last(), appended.changed(), limit, lifetimeMillis);
        appended.steps().forEach(step -> add(arguments, step));
        return run(APPEND, conversation, arguments);
    }

    private static void add(List<byte[]> arguments, Appended.Step step) {
        arguments.add(number(step.at()));
        if (step instanceof Appended.Put put) {
            add(arguments, "P", put.row().seq(), RowCodec.encode(put.row()));
        } else if (step instanceof Appended.Edit edit) {
            add(arguments, "E", edit.seq(), RowCodec.edited(edit.text()));
        } else if (step instanceof Appended.Forget forget) {
            add(arguments, "F", forget.seq(), NONE);
        } else {
            add(arguments, "A", step.at(), NONE);
        }
    }

    private static void add(List<byte[]> arguments, String kind, int seq, byte[] value) {
        arguments.add(bytes(kind));
        arguments.add(number(seq));
        arguments.add(value);
    }

    /** Drops everything up to that seq. */
    CompletionStage<Void> purge(ConversationId conversation, int through) {
        return run(PURGE, conversation, numbers(through));
    }

    private CompletionStage<Void> run(RedisScript script, ConversationId conversation, List<byte[]> arguments) {
        return link.ask(redis -> script.run(redis, key(conversation), arguments))
                .thenAccept(answer -> answer.ifPresent(result -> {
                    if (result == 1) {
                        metrics.invalidations().increment();
                    }
                    if (result >= 0) {
                        metrics.fills().increment();
                    }
                }));
    }

    private byte[] key(ConversationId conversation) {
        return bytes(prefix + conversation.value());
    }

    private static Optional<Integer> integer(KeyValue<byte[], byte[]> value) {
        return value.hasValue()
                ? Optional.of(Integer.parseInt(new String(value.getValue(), StandardCharsets.US_ASCII)))
                : Optional.empty();
    }

    private static List<byte[]> numbers(long... numbers) {
        List<byte[]> bytes = new ArrayList<>();
        for (long number : numbers) {
            bytes.add(number(number));
        }
        return bytes;
    }

    private static byte[] number(long number) {
        return bytes(Long.toString(number));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        link.close();
    }
}
