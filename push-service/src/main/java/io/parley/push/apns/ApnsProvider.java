package io.parley.push.apns;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.PushNotificationResponse;
import com.eatthepath.pushy.apns.util.concurrent.PushNotificationFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushEnvironment;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.push.content.DigestText;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sends to Apple. All apps and both environments share one thread; each has its own connections. */
final class ApnsProvider implements PushProvider {
    private static final String NOT_CONFIGURED = "no app has this topic";

    /** It becomes part of a path. Apple says nothing of the length, today 64. */
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{1,400}");

    private final EventLoopGroup threads = new NioEventLoopGroup(1, new DefaultThreadFactory("apns", true));
    private final Map<String, ApnsClients> byTopic = new HashMap<>();
    private final Map<String, ApnsClients> byName = new HashMap<>();
    private final Optional<String> defaultTopic;
    private final ApnsPayload payload;

    /** @throws IOException when an app's credentials cannot be read */
    ApnsProvider(ApnsSettings settings, DigestText digestText) throws IOException {
        this.defaultTopic = settings.defaultTopic();
        this.payload = new ApnsPayload(digestText);
        try {
            for (ApnsApp app : settings.apps()) {
                ApnsClients clients = new ApnsClients(app, settings, threads);
                byName.put(app.name(), clients);
                app.topics().forEach(topic -> byTopic.put(topic, clients));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public PushPlatform platform() {
        return PushPlatform.APNS;
    }

    @Override
    public String circuit(PushToken token) {
        ApnsClients clients = clientsOf(topic(token));
        if (clients == null) {
            return "none";
        }
        return clients.app().name() + (token.getEnvironment() == PushEnvironment.SANDBOX ? "/sandbox" : "/production");
    }

    @Override
    public CompletionStage<PushOutcome> send(PushToken token, Notification notification) {
        String topic = topic(token);
        ApnsClients clients = clientsOf(topic);
        if (clients == null) {
            return CompletableFuture.completedFuture(new PushOutcome.NotConfigured(NOT_CONFIGURED));
        }
        if (!HEX.matcher(token.getToken()).matches()) {
            return CompletableFuture.completedFuture(new PushOutcome.TokenGone(0, "NoToken"));
        }
        CompletableFuture<PushOutcome> outcome = new CompletableFuture<>();
        ApnsRequest request = new ApnsRequest(
                token.getToken(),
                topic,
                payload.of(notification),
                notification,
                System.currentTimeMillis(),
                outcome::isDone);
        send(clients.of(token.getEnvironment()), request, outcome);
        return outcome;
    }

    @Override
    public void reload() {
        byName.values().forEach(ApnsClients::reload);
    }

    @Override
    public void close() {
        byName.values().forEach(ApnsClients::close);
        var unused = threads.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }

    // The answer goes on in the outcome.
    @SuppressWarnings("FutureReturnValueIgnored")
    private static void send(ApnsClient client, ApnsRequest request, CompletableFuture<PushOutcome> outcome) {
        PushNotificationFuture<ApnsRequest, PushNotificationResponse<ApnsRequest>> sent =
                client.sendNotification(request);
        sent.whenComplete((response, failure) -> outcome.complete(outcomeOf(response, failure)));
    }

    private static PushOutcome outcomeOf(
            @Nullable PushNotificationResponse<ApnsRequest> response, @Nullable Throwable failure) {
        if (response != null) {
            return ApnsAnswer.meaningOf(response);
        }
        String reason = failure == null ? "NoAnswer" : failure.getClass().getSimpleName();
        return new PushOutcome.Later(Duration.ZERO, reason, PushOutcome.Trouble.PROVIDER);
    }

    private String topic(PushToken token) {
        return token.getTopic().isEmpty() ? defaultTopic.orElse("") : token.getTopic();
    }

    private @Nullable ApnsClients clientsOf(String topic) {
        ApnsClients named = byTopic.get(topic);
        return named != null || topic.isEmpty() ? named : byTopic.get(ApnsSettings.ALL_OTHERS);
    }
}
