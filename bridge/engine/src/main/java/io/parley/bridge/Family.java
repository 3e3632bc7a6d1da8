package io.parley.bridge;

import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.MessageLite;
import org.jspecify.annotations.Nullable;

/**
 * A kind of rows that a partition holds.
 *
 * @param prefix what each of its keys begins with. It is in stored state, so one that was used is never used for anything else
 * @param shape what follows the prefix in a key
 * @param row the message in {@code state.proto} that a row is; null: the key says everything
 * @param holds what its rows hold, for people
 */
@Immutable
public record Family(String prefix, String shape, @Nullable Class<? extends MessageLite> row, String holds) {}
