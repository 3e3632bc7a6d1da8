package io.parley.push.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The header <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">Retry-After</a>: seconds, or a date. */
public final class RetryAfter {
    /** More is not believed: who answers may be anybody. */
    public static final Duration LONGEST = Duration.ofDays(1);

    private static final int MOST_DIGITS = 9;

    private RetryAfter() {}

    /**
     * How long to wait from now on.
     *
     * @param header the header's value; empty if the answer has none
     * @return zero if there is none, it cannot be read, or its date is over
     */
    public static Duration of(Optional<String> header, long nowMillis) {
        return header.map(String::strip)
                .map(value -> read(value, nowMillis))
                .filter(wait -> !wait.isNegative())
                .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait)
                .orElse(Duration.ZERO);
    }

    private static Duration read(String value, long nowMillis) {
        if (!value.isEmpty() && value.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return value.length() > MOST_DIGITS ? LONGEST : Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
            return Duration.between(Instant.ofEpochMilli(nowMillis), date);
        } catch (DateTimeException neither) {
            return Duration.ZERO;
        }
    }
}
