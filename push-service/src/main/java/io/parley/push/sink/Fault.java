package io.parley.push.sink;

import java.time.Duration;
import java.util.Map;

/** What a counterpart does instead of accepting a notification. */
public sealed interface Fault {

    /** Accepts it, but answers late. */
    record Slow(Duration pause) implements Fault {}

    /** Closes the connection without an answer. */
    record Drop() implements Fault {}

    /**
     * Answers with an error.
     *
     * @param status of HTTP
     * @param body of the answer
     * @param headers of the answer
     */
    record Answer(int status, String body, Map<String, String> headers) implements Fault {
        public Answer {
            headers = Map.copyOf(headers);
        }
    }
}
