package io.parley.push.webpush;

import com.interaso.webpush.WebPush.Urgency;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.push.content.CollapseId;
import io.parley.push.content.DigestText;
import io.parley.push.http.BoundedPool;
import io.parley.push.message.ShownText;
import io.parley.push.message.TimeToLive;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushOutcome.NotConfigured;
import io.parley.push.provider.PushOutcome.Refused;
import io.parley.push.provider.PushProvider;
import io.parley.push.secrets.SecretFile;
import io.parley.push.webpush.EndpointRules.Verdict;
import java.io.IOException;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends to browsers, and to whatever else gives its endpoint as a subscription of Web Push. Names are looked up and messages encrypted in a bounded pool, because both
 * take their time; answers are awaited without a thread.
 */
final class WebPushProvider implements PushProvider {
    private static final Logger LOG = LoggerFactory.getLogger(WebPushProvider.class);
    private static final int AUTH_BYTES = 16;

    private final WebPushSettings settings;
    private final DigestText digest;
    private final Clock clock;
    private final SecretFile keyFile;
    private final EndpointRules endpoints;
    private final AddressRules addresses;
    private final WebPushSender sender;
    private final ExecutorService pool;
    private volatile VapidSigner signer;

    /**
     * Reads the key.
     *
     * @throws IOException when it cannot be used
     */
    WebPushProvider(WebPushSettings settings, DigestText digest, AddressRules.Names names, Clock clock)
            throws IOException {
        this.settings = settings;
        this.digest = digest;
        this.clock = clock;
        this.keyFile = new SecretFile(settings.vapidKey());
        this.signer = new VapidSigner(settings.subject(), VapidKeyFile.read(keyFile));
        this.endpoints = new EndpointRules(settings.endpoints());
        this.addresses = new AddressRules(names, settings.endpoints().local());
        this.sender = new WebPushSender(settings.requestTimeout(), settings.tls());
        this.pool = BoundedPool.open("web-push", settings.threads(), settings.waiting());
        LOG.info("web push, applicationServerKey={}", signer.publicKey());
    }

    @Override
    public PushPlatform platform() {
        return PushPlatform.WEB_PUSH;
    }

    @Override
    public CompletionStage<PushOutcome> send(PushToken token, Notification notification) {
        Verdict verdict = endpoints.check(token.getToken());
        if (verdict instanceof Verdict.NotAllowed not) {
            return CompletableFuture.completedFuture(new Refused(not.reason()));
        }
        return send((Verdict.Allowed) verdict, token, notification);
    }

    private CompletionStage<PushOutcome> send(Verdict.Allowed endpoint, PushToken token, Notification notification) {
        if (!ShownText.isIn(notification) && takesNoWithdrawals(endpoint)) {
            return CompletableFuture.completedFuture(new NotConfigured("NoWithdrawals"));
        }
        if (!P256.hasPoint(token.getP256Dh().toByteArray()) || token.getAuth().size() != AUTH_BYTES) {
            return CompletableFuture.completedFuture(new Refused("BadKeys"));
        }
        CompletableFuture<PushOutcome> outcome = new CompletableFuture<>();
        try {
            pool.execute(() -> attempt(endpoint, token, notification, outcome));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(WebPushOutcomes.busy());
        }
        return outcome;
    }

    private boolean takesNoWithdrawals(Verdict.Allowed endpoint) {
        return settings.noWithdrawals().stream()
                .anyMatch(host -> host.matches(endpoint.uri().getHost()));
    }

    /** The service cancels an outcome that takes too long: what has not gone out by then does not go out. */
    private void attempt(
            Verdict.Allowed endpoint,
            PushToken token,
            Notification notification,
            CompletableFuture<PushOutcome> outcome) {
        try {
            if (outcome.isDone()) {
                return;
            }
            if (!addresses.allow(endpoint.uri().getHost())) {
                outcome.complete(new Refused("AddressNotPublic"));
                return;
            }
            HttpRequest request = request(endpoint, token, notification);
            if (!outcome.isDone()) {
                send(request, outcome);
            }
        } catch (UnknownHostException e) {
            outcome.complete(WebPushOutcomes.of(e));
        } catch (RuntimeException e) {
            // What one subscription made fail here is not the trouble of all others.
            LOG.warn("a message of web push could not be made", e);
            outcome.complete(new Refused("Unsendable"));
        }
    }

    private void send(HttpRequest request, CompletableFuture<PushOutcome> outcome) {
        CompletableFuture<HttpResponse<Boolean>> sent = sender.send(request);
        var unused = sent.whenComplete((answer, failure) -> outcome.complete(
                answer == null
                        ? WebPushOutcomes.of(failure)
                        : WebPushOutcomes.of(
                                answer.statusCode(), answer.headers().firstValue("Retry-After"), clock.millis())));
        var unusedToo = outcome.whenComplete((ended, cancelled) -> sent.cancel(true));
    }

    private HttpRequest request(Verdict.Allowed endpoint, PushToken token, Notification notification) {
        long now = clock.millis();
        VapidSigner current = signer;
        byte[] payload = WebPushPayload.of(notification, digest);
        byte[] body = current.encrypted(
                payload, token.getP256Dh().toByteArray(), token.getAuth().toByteArray());
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.uri())
                .timeout(settings.requestTimeout())
                .POST(BodyPublishers.ofByteArray(body));
        current.headers(
                        endpoint.audience(),
                        (int) TimeToLive.of(notification, now).toSeconds(),
                        CollapseId.of(notification),
                        notification.hasAlert() ? Urgency.High : Urgency.Normal,
                        now)
                .forEach(request::header);
        return request.build();
    }

    @Override
    public void reload() {
        if (keyFile.hasChanged()) {
            try {
                signer = new VapidSigner(settings.subject(), VapidKeyFile.read(keyFile));
                LOG.info("web push key read again, applicationServerKey={}", signer.publicKey());
            } catch (IOException e) {
                LOG.warn(
                        "web push key cannot be read, the one before stays in use, file={} error={}",
                        keyFile,
                        e.toString());
            }
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
