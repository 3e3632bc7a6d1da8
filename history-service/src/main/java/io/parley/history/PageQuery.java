package io.parley.history;

import io.parley.storage.ListRequest;
import io.parley.storage.PageRequest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads {@code ?after=|before=|at=&limit=}. */
final class PageQuery {
    private static final long MAX_SEQ = 0xFFFF_FFFFL;

    private PageQuery() {}

    /**
     * What is asked for.
     *
     * @param parameter a query parameter by name
     * @throws Refusal 400 when a value is none, or more than one place is named
     */
    static PageRequest read(Function<String, Optional<String>> parameter) {
        Optional<String> after = parameter.apply("after");
        Optional<String> before = parameter.apply("before");
        Optional<String> at = parameter.apply("at");
        if (Stream.of(after, before, at).filter(Optional::isPresent).count() > 1) {
            throw Refusal.bad("only one of after, before and at");
        }
        return new PageRequest(start(after, before, at), limit(parameter).orElse(PageRequest.DEFAULT_LIMIT));
    }

    /**
     * Which part of a list is asked for: {@code ?after=&limit=}.
     *
     * @throws Refusal 400 when a value is none
     */
    static ListRequest readList(Function<String, Optional<String>> parameter) {
        int limit = limit(parameter).orElse(ListRequest.DEFAULT_LIMIT);
        return parameter.apply("after").map(next -> after(next, limit)).orElseGet(() -> new ListRequest("", limit));
    }

    private static ListRequest after(String next, int limit) {
        try {
            return ListRequest.after(next, limit);
        } catch (IllegalArgumentException e) {
            throw Refusal.bad("after must be the next of an earlier page");
        }
    }

    private static Optional<Integer> limit(Function<String, Optional<String>> parameter) {
        return parameter.apply("limit").map(text -> (int) number("limit", text, 1, Integer.MAX_VALUE));
    }

    private static PageRequest.Start start(Optional<String> after, Optional<String> before, Optional<String> at) {
        if (after.isPresent()) {
            return new PageRequest.After(seq("after", after.get()));
        }
        if (before.isPresent()) {
            return new PageRequest.Before(seq("before", before.get()));
        }
        return at.<PageRequest.Start>map(text -> new PageRequest.At(time(text))).orElseGet(PageRequest.Newest::new);
    }

    private static int seq(String name, String text) {
        return (int) Math.min(Integer.MAX_VALUE, number(name, text, 0, MAX_SEQ));
    }

    private static long number(String name, String text, long min, long max) {
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw Refusal.bad(name + " must be a whole number from " + min + " to " + max);
    }

    private static Instant time(String text) {
        try {
            // An unescaped + of an offset arrives as a blank.
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeParseException e) {
            throw Refusal.bad("at must be a time such as 2026-11-24T02:31:29Z");
        }
    }
}
