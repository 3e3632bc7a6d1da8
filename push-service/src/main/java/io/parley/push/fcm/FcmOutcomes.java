package io.parley.push.fcm;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.parley.push.http.RetryAfter;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushOutcome.Later;
import io.parley.push.provider.PushOutcome.Refused;
import io.parley.push.provider.PushOutcome.TokenGone;
import io.parley.push.provider.PushOutcome.Trouble;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What follows from <a href="https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode">FCM's errors</a>.
 *
 * <p>A token is gone only if FCM says that of the token itself. The wrong project ({@code SENDER_ID_MISMATCH}) takes no token away: the operator's setting may be
 * what is wrong, and would take all of them.
 */
final class FcmOutcomes {
    /** What Google asks for where <a href="https://firebase.google.com/docs/cloud-messaging/scale-fcm">an answer names no time</a>. */
    private static final Duration QUOTA_PAUSE = Duration.ofMinutes(1);

    private static final Gson JSON = new Gson();

    private FcmOutcomes() {}

    /** The part of an answer that is read. */
    private record Body(@Nullable Problem error) {}

    private record Problem(
            @Nullable String status,
            @Nullable String message,
            @Nullable List<@Nullable Detail> details) {}

    private record Detail(
            @Nullable String errorCode,
            @Nullable List<@Nullable Violation> fieldViolations,
            @Nullable List<@Nullable Violation> violations) {}

    private record Violation(
            @Nullable String field, @Nullable String subject) {}

    /** The outcome of an attempt that FCM answered with an error. */
    static PushOutcome of(FcmAnswer answer, long nowMillis) {
        Problem problem = problem(answer.body());
        Duration wait = RetryAfter.of(answer.retryAfter(), nowMillis);
        String code = code(problem);
        return switch (code) {
            case "UNREGISTERED" -> new TokenGone(0, code);
            case "INVALID_ARGUMENT" -> tokenIsMalformed(problem) ? new TokenGone(0, code) : new Refused(code);
            case "SENDER_ID_MISMATCH", "THIRD_PARTY_AUTH_ERROR", "APNS_AUTH_ERROR" -> new Refused(code);
            case "QUOTA_EXCEEDED" -> quota(code, problem, wait);
            case "UNAVAILABLE", "INTERNAL" -> new Later(wait, code, Trouble.PROVIDER);
            default -> byStatus(answer.status(), problem, wait);
        };
    }

    private static PushOutcome byStatus(int status, Problem problem, Duration wait) {
        return switch (status) {
            case 400 -> tokenIsMalformed(problem) ? new TokenGone(0, "INVALID_ARGUMENT") : new Refused("400");
            case 401 -> new Later(wait, "UNAUTHENTICATED", Trouble.PROVIDER);
            case 403 -> new Later(wait, "PERMISSION_DENIED", Trouble.PROVIDER);
            case 429 -> quota("429", problem, wait);
            default -> status >= 500 ? new Later(wait, "5xx", Trouble.PROVIDER) : new Refused("4xx");
        };
    }

    private static PushOutcome quota(String code, Problem problem, Duration wait) {
        boolean ofDevice = text(problem.message()).contains("device")
                || details(problem).stream()
                        .flatMap(detail -> each(detail.violations()).stream())
                        .anyMatch(violation -> text(violation.subject()).contains("device"));
        return new Later(wait.isZero() ? QUOTA_PAUSE : wait, code, ofDevice ? Trouble.TOKEN : Trouble.PROVIDER);
    }

    /** FCM has one code for a bad token and a bad message: what is wrong is in the field violations, or only in the text. */
    private static boolean tokenIsMalformed(Problem problem) {
        return text(problem.message()).contains("registration token")
                || details(problem).stream()
                        .flatMap(detail -> each(detail.fieldViolations()).stream())
                        .anyMatch(violation -> "message.token".equals(violation.field()));
    }

    private static String code(Problem problem) {
        return details(problem).stream()
                .map(Detail::errorCode)
                .filter(code -> code != null && !code.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static List<Detail> details(Problem problem) {
        return each(problem.details());
    }

    private static <T> List<T> each(@Nullable List<@Nullable T> items) {
        return items == null
                ? List.of()
                : items.stream().flatMap(java.util.stream.Stream::ofNullable).toList();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.toLowerCase(Locale.ROOT);
    }

    private static Problem problem(String body) {
        try {
            Body parsed = JSON.fromJson(body, Body.class);
            if (parsed != null && parsed.error() != null) {
                return parsed.error();
            }
        } catch (JsonParseException notOfFcm) {
            // A proxy's page, for example: the status has to do.
        }
        return new Problem(null, null, null);
    }

    /** The outcome of an attempt without an answer. */
    static PushOutcome of(IOException failure) {
        String reason = failure instanceof HttpTimeoutException
                ? "Timeout"
                : failure instanceof ConnectException ? "Unreachable" : "ConnectionLost";
        return new Later(Duration.ZERO, reason, Trouble.PROVIDER);
    }
}
