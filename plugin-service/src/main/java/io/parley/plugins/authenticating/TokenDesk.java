package io.parley.plugins.authenticating;

import io.parley.plugin.TokenVerdict;
import io.parley.plugins.hosting.ActiveAuthenticator;
import io.parley.plugins.hosting.Lines;
import io.parley.plugins.running.PluginFigures.Outcome;
import io.parley.protocol.plugin.TokenAnswer;
import io.parley.protocol.plugin.TokenHolder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks one authenticator after the other about a token, until one knows it. Without an answer of one of them, none of the following is asked: it may be that one's token. */
public final class TokenDesk {
    private static final Logger LOG = LoggerFactory.getLogger(TokenDesk.class);
    private static final int LONGEST_TOPICS = 8_192;

    private final Supplier<List<ActiveAuthenticator>> authenticators;

    /** @param authenticators those that have to be asked now, in their order */
    public TokenDesk(Supplier<List<ActiveAuthenticator>> authenticators) {
        this.authenticators = authenticators;
    }

    /** How many there are. */
    public int count() {
        return authenticators.get().size();
    }

    /** How long all of them may take together. */
    public Duration deadline() {
        return authenticators.get().stream().map(ActiveAuthenticator::deadline).reduce(Duration.ZERO, Duration::plus);
    }

    /** The answer to a node's question; never fails. */
    public CompletableFuture<TokenAnswer> answer(String token) {
        return from(List.copyOf(authenticators.get()), 0, token);
    }

    private CompletableFuture<TokenAnswer> from(List<ActiveAuthenticator> all, int index, String token) {
        if (index == all.size()) {
            return CompletableFuture.completedFuture(
                    TokenAnswer.newBuilder().setRefused("").build());
        }
        ActiveAuthenticator asked = all.get(index);
        long startNanos = System.nanoTime();
        return asked.authenticate(token)
                .handle((verdict, failure) -> answer(asked, verdict, failure, System.nanoTime() - startNanos))
                .thenCompose(answer ->
                        answer == null ? from(all, index + 1, token) : CompletableFuture.completedFuture(answer));
    }

    /** Null if it does not know the token. */
    private static @Nullable TokenAnswer answer(
            ActiveAuthenticator asked, @Nullable TokenVerdict verdict, @Nullable Throwable failure, long nanos) {
        try {
            if (verdict instanceof TokenVerdict.Accepted accepted) {
                TokenHolder holder = holder(accepted);
                asked.figures().count(Outcome.ACCEPTED, nanos);
                return TokenAnswer.newBuilder().setAccepted(holder).build();
            }
        } catch (ArithmeticException | IllegalArgumentException e) {
            return unanswered(asked, e, nanos);
        }
        if (verdict instanceof TokenVerdict.Refused refused) {
            asked.figures().count(Outcome.DENIED, nanos);
            return TokenAnswer.newBuilder()
                    .setRefused(Lines.shown(refused.reason(), ""))
                    .build();
        }
        if (verdict instanceof TokenVerdict.Unknown) {
            asked.figures().count(Outcome.UNKNOWN, nanos);
            return null;
        }
        return unanswered(asked, failure, nanos);
    }

    private static TokenHolder holder(TokenVerdict.Accepted accepted) {
        int length = Stream.concat(accepted.publish().stream(), accepted.subscribe().stream())
                .mapToInt(String::length)
                .sum();
        if (length > LONGEST_TOPICS) {
            throw new IllegalArgumentException("the topics of one token have 8,192 characters at most");
        }
        return TokenHolder.newBuilder()
                .setUser(accepted.user())
                .setIssuedAtMillis(accepted.issuedAt().toEpochMilli())
                .setExpiresAtMillis(accepted.expiresAt().toEpochMilli())
                .addAllPublish(accepted.publish())
                .addAllSubscribe(accepted.subscribe())
                .build();
    }

    private static TokenAnswer unanswered(ActiveAuthenticator asked, @Nullable Throwable failure, long nanos) {
        asked.figures().count(Outcome.UNDECIDED, nanos);
        String why = failure == null ? "it said null" : failure.toString();
        LOG.debug("plugin={} did not decide on a token: {}", asked.plugin(), why);
        return TokenAnswer.newBuilder()
                .setUnanswered(asked.plugin() + " did not decide: " + why)
                .build();
    }
}
