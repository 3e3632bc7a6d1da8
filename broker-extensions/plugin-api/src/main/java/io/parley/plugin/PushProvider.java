package io.parley.plugin;

import java.util.concurrent.CompletionStage;

/**
 * Hands notifications to a push system. Parley decides when: it repeats what has to be repeated, with growing pauses, until the notification expires or a newer one
 * replaces it, holds back while the push system does not work, and removes tokens that are gone. Attempts come at the same time, on several threads; of one token and
 * conversation there is one at a time.
 */
@FunctionalInterface
public interface PushProvider {
    /**
     * Makes one attempt. It must not repeat it itself.
     *
     * @return how it ended, done on any thread, within the deadline of {@link PluginContext#push}. Without an answer in time, or after a failure, it is attempted again
     */
    CompletionStage<PushResult> send(PushNotification notification) throws Exception;
}
