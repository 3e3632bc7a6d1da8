package io.parley.push.provider;

import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stands where no credentials are. It lets everything pass unsent, so that what lies in the log is not sent late when there are some.
 *
 * @param platform whose tokens it is shown
 */
record NoProvider(PushPlatform platform) implements PushProvider {

    @Override
    public CompletionStage<PushOutcome> send(PushToken token, Notification notification) {
        return CompletableFuture.completedFuture(new PushOutcome.NotConfigured("no credentials"));
    }

    @Override
    public void close() {}
}
