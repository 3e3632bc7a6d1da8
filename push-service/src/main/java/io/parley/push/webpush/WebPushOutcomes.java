package io.parley.push.webpush;

import io.parley.push.http.RetryAfter;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushOutcome.Accepted;
import io.parley.push.provider.PushOutcome.Later;
import io.parley.push.provider.PushOutcome.Refused;
import io.parley.push.provider.PushOutcome.TokenGone;
import io.parley.push.provider.PushOutcome.Trouble;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * What follows from the answer of a browser's service. Anybody may run such a service: whatever it does is the trouble of its token alone, so that one cannot open the
 * circuit breaker for all others.
 */
final class WebPushOutcomes {
    private WebPushOutcomes() {}

    /** The outcome of an attempt that was answered. */
    static PushOutcome of(int status, Optional<String> retryAfter, long nowMillis) {
        return switch (status) {
            case 200, 201, 202, 204 -> new Accepted();
            case 404, 410 -> new TokenGone(0, Integer.toString(status));
            case 400, 401, 403, 413 -> new Refused(Integer.toString(status));
            case 429 -> later(RetryAfter.of(retryAfter, nowMillis), "429");
            default -> byClass(status, RetryAfter.of(retryAfter, nowMillis));
        };
    }

    /** There are only so many reasons as metrics can have, whatever status somebody invents. */
    private static PushOutcome byClass(int status, Duration wait) {
        if (status >= 500) {
            return later(wait, "5xx");
        }
        if (status >= 400) {
            return new Refused("4xx");
        }
        return status >= 300 ? new Refused("Redirect") : new Refused("UnexpectedAnswer");
    }

    /** The outcome of an attempt without an answer. */
    static PushOutcome of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return later(Duration.ZERO, reason(cause));
    }

    private static String reason(Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return "UnknownHost";
        }
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return "Timeout";
        }
        if (cause instanceof SSLException) {
            return "Tls";
        }
        return cause instanceof ConnectException ? "Unreachable" : "ConnectionLost";
    }

    static PushOutcome busy() {
        return later(Duration.ZERO, "Busy");
    }

    private static PushOutcome later(Duration wait, String reason) {
        return new Later(wait, reason, Trouble.TOKEN);
    }
}
