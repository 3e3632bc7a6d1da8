package io.parley.history.visiting;

import io.parley.protocol.wire.Reply;

/**
 * The answer to a request.
 *
 * @param reply the answer, as on MQTT
 * @param written to be run when it has been written, or cannot be; may be run more than once
 */
public record Answered(Reply reply, Runnable written) {
    Answered(Reply reply) {
        this(reply, () -> {});
    }
}
