package io.parley.storage.cache;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** A Lua script beside this class. Redis knows it by its text: that costs a kilobyte on the way, and no restart of Redis loses it. */
record RedisScript(@SuppressWarnings("ArrayRecordComponent") byte[] text) {
    static RedisScript named(String file) {
        try (InputStream in = Objects.requireNonNull(RedisScript.class.getResourceAsStream(file), file)) {
            return new RedisScript(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RedisFuture<Long> run(RedisAsyncCommands<byte[], byte[]> redis, byte[] key, List<byte[]> arguments) {
        return redis.eval(text, ScriptOutputType.INTEGER, new byte[][] {key}, arguments.toArray(new byte[0][]));
    }
}
