package io.parley.push.provider;

import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import java.util.concurrent.CompletionStage;

/**
 * A way to the devices of one platform. The service has at most one provider for each platform, and opens it through a {@link PushProviderFactory}.
 *
 * <p>The service decides when a notification is sent, how many are under way at once, and what follows from an outcome: retries, back-off, the circuit breaker,
 * dead letters and tokens that are gone. A provider makes one attempt, and says how it ended. It must not retry.
 *
 * <p>One thread calls all methods of a provider. None of them may block: not on the network, and not on another attempt.
 */
public interface PushProvider extends AutoCloseable {

    /** The platform whose tokens it serves; always the same. */
    PushPlatform platform();

    /**
     * Makes one attempt to hand a notification to the platform.
     *
     * <p>The service calls it again for the same token and conversation only after the attempt before has ended. It gives up an attempt that takes longer than
     * {@code parley.push.deadline}: it cancels the stage ({@link CompletionStage#toCompletableFuture()}), and treats the attempt as {@link
     * PushOutcome.Later}. What was cancelled before it went out must not go out any more: a newer notification may be under way. A notification that has
     * expired never comes here, but may expire on the way: a provider passes on {@code expires_at_millis} as the platform's time to live.
     *
     * @param token of this provider's platform; one of the notification's
     * @param notification what to show; exactly one of its kinds is set
     * @return how the attempt ended. A stage that fails counts as {@link PushOutcome.Later} with a troubled provider; a call that throws counts as
     *     {@link PushOutcome.Refused}. Neither may carry a token or a text in its message
     */
    CompletionStage<PushOutcome> send(PushToken token, Notification notification);

    /**
     * What fails together with the token's: one app's credentials, one of the platform's addresses. Each has a circuit breaker of its own. The name becomes a tag
     * of metrics; there must be few of them, whatever tokens come.
     */
    default String circuit(PushToken token) {
        return "all";
    }

    /** Called every {@code parley.push.reload-every}: a provider with secrets in files reads those that have changed. What it cannot read it logs, and keeps the old one. */
    default void reload() {}

    /** Ends its connections. No attempt is made afterwards; those under way may end as they like. */
    @Override
    void close();
}
