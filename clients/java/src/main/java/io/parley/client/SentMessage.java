package io.parley.client;

import java.util.concurrent.CompletableFuture;

/**
 * Something that was said. Show it at once.
 *
 * @param id its id, by which it comes back in its event
 * @param accepted done with the PUBACK: the log has it, and it will not be lost. Fails with a {@link ParleyException} if it is refused, or could not be kept
 * @param sequenced done with its seq, when its event has come back; fails as {@code accepted} does, and if it is refused after its PUBACK. Something that changes nothing, as a reaction that is set already, never gets a seq
 */
public record SentMessage(String id, CompletableFuture<Void> accepted, CompletableFuture<Integer> sequenced) {}
