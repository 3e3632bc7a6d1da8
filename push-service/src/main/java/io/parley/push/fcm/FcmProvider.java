package io.parley.push.fcm;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutureCallback;
import com.google.api.core.ApiFutures;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.firebase.messaging.FirebaseMessagingException;
import com.google.firebase.messaging.Message;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.push.content.DigestText;
import io.parley.push.http.BoundedPool;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushOutcome.Later;
import io.parley.push.provider.PushOutcome.Trouble;
import io.parley.push.provider.PushProvider;
import io.parley.push.secrets.SecretFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends to Android devices by FCM. Each app has a project of its own, found by the token's topic. */
final class FcmProvider implements PushProvider {
    private static final Logger LOG = LoggerFactory.getLogger(FcmProvider.class);
    private static final int UNAUTHENTICATED = 401;
    private static final long WARN_EVERY_MILLIS = 60_000;

    private final Map<String, FcmApp> apps = new HashMap<>();
    private final ExecutorService pool;
    private final FcmMessages messages;
    private final Clock clock;
    private final AtomicLong nextWarningMillis = new AtomicLong();

    /**
     * Reads all service accounts.
     *
     * @throws IOException when one cannot be used; the message names its file
     */
    FcmProvider(FcmSettings settings, DigestText digest, Clock clock) throws IOException {
        this.messages = new FcmMessages(digest);
        this.clock = clock;
        this.pool = BoundedPool.open("fcm", settings.threads(), settings.waiting());
        FcmTransport transport = new FcmTransport(settings);
        for (Map.Entry<String, Path> account : settings.accounts().entrySet()) {
            try {
                apps.put(account.getKey(), new FcmApp(new SecretFile(account.getValue()), transport, pool));
            } catch (IOException e) {
                close();
                throw new IOException(account.getValue() + ": " + e.getMessage(), e);
            }
        }
    }

    @Override
    public PushPlatform platform() {
        return PushPlatform.FCM;
    }

    @Override
    public CompletionStage<PushOutcome> send(PushToken token, Notification notification) {
        FcmApp app = appOf(token);
        if (app == null) {
            return CompletableFuture.completedFuture(new PushOutcome.NotConfigured("NoServiceAccount"));
        }
        Message message = messages.of(token, notification, clock.millis());
        try {
            return outcomeOf(app.messaging().sendAsync(message), app);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(new Later(Duration.ZERO, "Busy", Trouble.PROVIDER));
        }
    }

    /** One project's credentials fail alone. */
    @Override
    public String circuit(PushToken token) {
        return !token.getTopic().isEmpty() && apps.containsKey(token.getTopic()) ? token.getTopic() : "all";
    }

    private @Nullable FcmApp appOf(PushToken token) {
        FcmApp named = apps.get(token.getTopic());
        return named != null ? named : apps.get(FcmSettings.ALL_OTHERS);
    }

    private CompletionStage<PushOutcome> outcomeOf(ApiFuture<String> sent, FcmApp app) {
        CompletableFuture<PushOutcome> outcome = new CompletableFuture<>();
        ApiFutures.addCallback(
                sent,
                new ApiFutureCallback<String>() {
                    @Override
                    public void onSuccess(String messageId) {
                        outcome.complete(new PushOutcome.Accepted());
                    }

                    @Override
                    public void onFailure(Throwable failure) {
                        failed(outcome, failure, app);
                    }
                },
                MoreExecutors.directExecutor());
        // The service cancels what takes too long: what has not gone out by then must not go out.
        var unused = outcome.whenComplete((ended, cancelled) -> sent.cancel(true));
        return outcome;
    }

    private void failed(CompletableFuture<PushOutcome> outcome, Throwable failure, FcmApp app) {
        if (outcome.isDone()) {
            return;
        }
        if (failure instanceof FcmAnswer answer) {
            outcome.complete(outcomeOf(answer, app));
        } else if (failure instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
            outcome.complete(FcmOutcomes.of(unchecked.getCause()));
        } else if (failure instanceof FirebaseMessagingException noAccess) {
            warn(noAccess);
            outcome.complete(new Later(Duration.ZERO, "Credentials", Trouble.PROVIDER));
        } else {
            outcome.completeExceptionally(failure);
        }
    }

    /** Once a minute: it is the same for all that is sent. */
    private void warn(FirebaseMessagingException noAccess) {
        long now = clock.millis();
        long due = nextWarningMillis.get();
        if (!pool.isShutdown() && now >= due && nextWarningMillis.compareAndSet(due, now + WARN_EVERY_MILLIS)) {
            LOG.warn("no access to FCM: {}", noAccess.getMessage());
        }
    }

    private PushOutcome outcomeOf(FcmAnswer answer, FcmApp app) {
        PushOutcome outcome = FcmOutcomes.of(answer, clock.millis());
        if (answer.status() == UNAUTHENTICATED && outcome instanceof Later) {
            app.accessWasRefused();
        }
        return outcome;
    }

    @Override
    public void reload() {
        apps.values().forEach(FcmApp::reload);
    }

    @Override
    public void close() {
        apps.values().forEach(FcmApp::close);
        pool.shutdownNow();
    }
}
