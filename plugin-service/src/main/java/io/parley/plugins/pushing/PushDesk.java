package io.parley.plugins.pushing;

import io.parley.plugin.PushNotification;
import io.parley.plugin.PushNotification.Kind;
import io.parley.plugin.PushResult;
import io.parley.plugins.hosting.PluginHost;
import io.parley.protocol.plugin.PushAccepted;
import io.parley.protocol.plugin.PushAnswer;
import io.parley.protocol.plugin.PushLater;
import io.parley.protocol.plugin.PushQuestion;
import io.parley.protocol.plugin.PushRefused;
import io.parley.protocol.plugin.PushTokenGone;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands a notification to the plugin that serves its push system. */
public final class PushDesk {
    private static final Logger LOG = LoggerFactory.getLogger(PushDesk.class);

    private final PluginHost host;

    public PushDesk(PluginHost host) {
        this.host = host;
    }

    /** The answer to the push service's question; never fails. */
    public CompletableFuture<PushAnswer> answer(PushQuestion question) {
        Duration deadline = Duration.ofMillis(Integer.toUnsignedLong(question.getDeadlineMillis()));
        return host.push(question.getProvider(), shown(question), deadline)
                .map(result -> result.handle((ended, failure) -> answer(question.getProvider(), ended, failure)))
                .orElseGet(() -> CompletableFuture.completedFuture(PushAnswer.newBuilder()
                        .setUnanswered("no plugin that runs serves " + question.getProvider())
                        .build()));
    }

    private static PushNotification shown(PushQuestion question) {
        return new PushNotification(
                question.getToken(),
                question.getTopic(),
                switch (question.getKind()) {
                    case PUSH_ALERT -> Kind.ALERT;
                    case PUSH_DIGEST -> Kind.DIGEST;
                    case PUSH_WITHDRAWAL -> Kind.WITHDRAWAL;
                    case PUSH_BADGE, PUSH_KIND_UNSPECIFIED, UNRECOGNIZED -> Kind.BADGE;
                },
                question.getTitle(),
                question.getBody(),
                question.getConversation(),
                question.getSeq(),
                question.getBadge(),
                question.getMention(),
                question.getCollapseId(),
                question.getExpiresAtMillis() == 0
                        ? Optional.empty()
                        : Optional.of(Instant.ofEpochMilli(question.getExpiresAtMillis())));
    }

    private static PushAnswer answer(String provider, @Nullable PushResult result, @Nullable Throwable failure) {
        PushAnswer.Builder answer = PushAnswer.newBuilder();
        if (result instanceof PushResult.Accepted) {
            answer.setAccepted(PushAccepted.getDefaultInstance());
        } else if (result instanceof PushResult.TokenGone) {
            answer.setTokenGone(PushTokenGone.getDefaultInstance());
        } else if (result instanceof PushResult.Later later) {
            answer.setLater(PushLater.newBuilder()
                    .setRetryAfterMillis(later.after().toMillis())
                    .setTokenOnly(!later.down()));
        } else if (result instanceof PushResult.Refused) {
            answer.setRefused(PushRefused.getDefaultInstance());
        } else {
            String why = failure == null ? "it said null" : failure.toString();
            LOG.debug("provider={} did not push: {}", provider, why);
            answer.setUnanswered(why);
        }
        return answer.build();
    }
}
