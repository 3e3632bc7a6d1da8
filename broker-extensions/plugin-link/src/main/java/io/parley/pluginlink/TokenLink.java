package io.parley.pluginlink;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.identity.TokenAuthority;
import io.parley.identity.TopicClaims;
import io.parley.identity.Verification;
import io.parley.identity.Verification.Reason;
import io.parley.identity.Verification.Refused;
import io.parley.protocol.UserId;
import io.parley.protocol.plugin.PluginSummary;
import io.parley.protocol.plugin.TokenAnswer;
import io.parley.protocol.plugin.TokenHolder;
import io.parley.protocol.plugin.TokenQuestion;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plugins that know tokens, as a node asks them. While the plugin service cannot be asked there is no answer. */
final class TokenLink implements TokenAuthority {
    private static final Logger LOG = LoggerFactory.getLogger(TokenLink.class);

    private final URI address;
    private final boolean all;
    private final SummaryWatch watch;
    private final BoundedCalls calls;
    private final LinkMetrics metrics;

    /** @param all whether it is asked about every token */
    TokenLink(URI service, boolean all, SummaryWatch watch, BoundedCalls calls, LinkMetrics metrics) {
        this.address = service.resolve("/token");
        this.all = all;
        this.watch = watch;
        this.calls = calls;
        this.metrics = metrics;
    }

    @Override
    public Asked asked() {
        if (all) {
            return Asked.ALL;
        }
        PluginSummary summary = watch.summary();
        return summary == null || summary.getAuthenticators() > 0 ? Asked.OTHERS : Asked.NONE;
    }

    @Override
    public CompletionStage<Verification> ask(String token) {
        long startNanos = System.nanoTime();
        return answer(token).whenComplete((answer, failure) -> metrics.token(answer, System.nanoTime() - startNanos));
    }

    private CompletableFuture<Verification> answer(String token) {
        PluginSummary summary = watch.summary();
        if (summary == null || !watch.isReachable() || summary.getAuthenticators() == 0) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("there is no plugin service, or no authenticator in it"));
        }
        byte[] question = TokenQuestion.newBuilder().setToken(token).build().toByteArray();
        Duration deadline = Duration.ofMillis(summary.getTokenDeadlineMillis() + PluginLink.WAY_MILLIS);
        return calls.post(address, question, deadline).thenApply(TokenLink::read);
    }

    private static Verification read(byte[] bytes) {
        TokenAnswer answer;
        try {
            answer = TokenAnswer.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the plugin service answers something else", e);
        }
        return switch (answer.getAnswerCase()) {
            case ACCEPTED -> accepted(answer.getAccepted());
            case REFUSED -> new Refused(Reason.DENIED, answer.getRefused());
            case UNANSWERED, ANSWER_NOT_SET -> throw new IllegalStateException(answer.getUnanswered());
        };
    }

    private static Verification accepted(TokenHolder holder) {
        try {
            return new Verification.Verified(
                    UserId.parse(holder.getUser()),
                    Instant.ofEpochMilli(holder.getIssuedAtMillis()),
                    Instant.ofEpochMilli(holder.getExpiresAtMillis()),
                    new TopicClaims(holder.getPublishList(), holder.getSubscribeList()));
        } catch (IllegalArgumentException e) {
            LOG.warn("a plugin accepts a token, but names no user: {}", e.getMessage());
            return new Refused(Reason.SUBJECT);
        }
    }
}
