package io.parley.gateway.publishing;

import io.parley.protocol.MalformedPayload;

/**
 * One step of the pipeline. It passes the publication on by running {@code next} once, at once or later, or settles it. While it does
 * neither, everything that the connection published after it waits.
 */
interface Step {
    void run(Incoming incoming, Runnable next) throws MalformedPayload;
}
