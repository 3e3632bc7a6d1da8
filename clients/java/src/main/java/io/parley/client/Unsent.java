package io.parley.client;

import io.parley.protocol.wire.Publication;

/**
 * Something that was said and is not acknowledged yet.
 *
 * @param to the conversation's id, or {@code @user}
 * @param publication with its id
 */
public record Unsent(String to, Publication publication) {}
