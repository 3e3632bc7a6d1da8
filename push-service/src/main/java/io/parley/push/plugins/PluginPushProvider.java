package io.parley.push.plugins;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.plugin.PushAnswer;
import io.parley.protocol.plugin.PushKind;
import io.parley.protocol.plugin.PushQuestion;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.push.content.CollapseId;
import io.parley.push.content.DigestText;
import io.parley.push.http.BoundedPool;
import io.parley.push.message.ShownText;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushOutcome.Trouble;
import io.parley.push.provider.PushProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands notifications to push systems that plugins know, through the plugin service. While that is away, or the plugin does not answer, the attempt is repeated. Reasons
 * have no words of a plugin: there may be many.
 */
final class PluginPushProvider implements PushProvider {
    private static final Logger LOG = LoggerFactory.getLogger(PluginPushProvider.class);
    private static final String UNKNOWN = "unknown provider";
    private static final int OK = 200;

    private final URI address;
    private final Set<String> names;
    private final DigestText digest;
    private final Duration deadline;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(BoundedPool.ofClient("plugin-push-client"))
            .build();

    /**
     * @param names of the push systems
     * @param deadline of one attempt
     */
    PluginPushProvider(URI service, Set<String> names, DigestText digest, Duration deadline) {
        this.address = service.resolve("/push");
        this.names = names;
        this.digest = digest;
        this.deadline = deadline;
    }

    @Override
    public PushPlatform platform() {
        return PushPlatform.PLUGIN;
    }

    @Override
    public String circuit(PushToken token) {
        return names.contains(token.getProvider()) ? token.getProvider() : UNKNOWN;
    }

    @Override
    public CompletionStage<PushOutcome> send(PushToken token, Notification notification) {
        if (!names.contains(token.getProvider())) {
            return CompletableFuture.completedFuture(new PushOutcome.NotConfigured(UNKNOWN));
        }
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(deadline)
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        question(token, notification).toByteArray()))
                .build();
        CompletableFuture<HttpResponse<byte[]>> sent = http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        CompletableFuture<PushOutcome> outcome = new CompletableFuture<>();
        var unused = sent.whenComplete(
                (answer, failure) -> outcome.complete(failure == null ? outcome(answer) : away("NoAnswer")));
        var unusedToo = outcome.whenComplete((done, cancelled) -> sent.cancel(true));
        return outcome;
    }

    private PushQuestion question(PushToken token, Notification notification) {
        ShownText text = ShownText.of(notification, digest);
        return PushQuestion.newBuilder()
                .setProvider(token.getProvider())
                .setToken(token.getToken())
                .setTopic(token.getTopic())
                .setKind(kind(notification))
                .setTitle(text.title())
                .setBody(text.body())
                .setConversation(notification.getConversation())
                .setSeq(notification.getSeq())
                .setBadge(notification.getBadge())
                .setMention(notification.getAlert().getMention())
                .setCollapseId(CollapseId.of(notification))
                .setExpiresAtMillis(notification.getExpiresAtMillis())
                .setDeadlineMillis((int) Math.min(Integer.MAX_VALUE, deadline.toMillis()))
                .build();
    }

    private static PushKind kind(Notification notification) {
        return switch (notification.getKindCase()) {
            case ALERT -> PushKind.PUSH_ALERT;
            case DIGEST -> PushKind.PUSH_DIGEST;
            case WITHDRAWAL -> PushKind.PUSH_WITHDRAWAL;
            case BADGE_CHANGED, KIND_NOT_SET -> PushKind.PUSH_BADGE;
        };
    }

    private static PushOutcome outcome(HttpResponse<byte[]> response) {
        if (response.statusCode() != OK) {
            return away("Status" + response.statusCode());
        }
        try {
            return outcome(PushAnswer.parseFrom(response.body()));
        } catch (InvalidProtocolBufferException e) {
            return away("BadAnswer");
        }
    }

    private static PushOutcome outcome(PushAnswer answer) {
        return switch (answer.getAnswerCase()) {
            case ACCEPTED -> new PushOutcome.Accepted();
            case TOKEN_GONE -> new PushOutcome.TokenGone(0, "TokenGone");
            case LATER ->
                new PushOutcome.Later(
                        Duration.ofMillis(Math.max(0, answer.getLater().getRetryAfterMillis())),
                        "Later",
                        answer.getLater().getTokenOnly() ? Trouble.TOKEN : Trouble.PROVIDER);
            case REFUSED -> new PushOutcome.Refused("Refused");
            case UNANSWERED, ANSWER_NOT_SET -> {
                LOG.debug("a plugin did not push: {}", answer.getUnanswered());
                yield away("Unanswered");
            }
        };
    }

    private static PushOutcome away(String reason) {
        return new PushOutcome.Later(Duration.ZERO, reason, Trouble.PROVIDER);
    }

    @Override
    public void close() {
        // The client's threads end with the process.
    }
}
