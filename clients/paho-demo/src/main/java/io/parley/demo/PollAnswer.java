package io.parley.demo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a poll is answered with. The payloads are the very bytes that the server wrote: they are compared with what others received.
 *
 * @param cursor acknowledges the events when the device polls with it
 */
record PollAnswer(String cursor, List<Event> events) {
    /** One event: what a PUBLISH would have carried. */
    static final class Event {
        private final String topic;
        private final byte[] payload;

        private Event(String topic, byte[] payload) {
            this.topic = topic;
            this.payload = payload;
        }

        String topic() {
            return topic;
        }

        /** Not a copy. */
        byte[] payload() {
            return payload;
        }
    }

    PollAnswer {
        events = List.copyOf(events);
    }

    /** @throws IllegalArgumentException when it is no such answer */
    static PollAnswer parse(byte[] json) {
        try {
            Map<String, byte[]> answer = fields(json);
            List<Event> events = new ArrayList<>();
            for (byte[] element : elements(answer.getOrDefault("events", new byte[0]))) {
                Map<String, byte[]> event = fields(element);
                events.add(new Event(
                        text(event.getOrDefault("topic", new byte[0])), event.getOrDefault("payload", new byte[0])));
            }
            return new PollAnswer(text(answer.getOrDefault("cursor", new byte[0])), events);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("a poll's answer ends early", e);
        }
    }

    /** Names and values of an object. */
    private static Map<String, byte[]> fields(byte[] json) {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        int at = begin(json, '{');
        while (json[at] != '}') {
            int nameEnd = valueEnd(json, at);
            String name = text(Arrays.copyOfRange(json, at, nameEnd));
            int value = gap(json, gap(json, nameEnd) + 1);
            int valueEnd = valueEnd(json, value);
            fields.put(name, Arrays.copyOfRange(json, value, valueEnd));
            at = afterComma(json, valueEnd);
        }
        return fields;
    }

    private static List<byte[]> elements(byte[] json) {
        List<byte[]> elements = new ArrayList<>();
        int at = begin(json, '[');
        while (json[at] != ']') {
            int end = valueEnd(json, at);
            elements.add(Arrays.copyOfRange(json, at, end));
            at = afterComma(json, end);
        }
        return elements;
    }

    private static int begin(byte[] json, char bracket) {
        int at = gap(json, 0);
        if (json[at] != bracket) {
            throw new IllegalArgumentException("a poll's answer lacks its " + bracket);
        }
        return gap(json, at + 1);
    }

    private static int afterComma(byte[] json, int end) {
        int at = gap(json, end);
        return json[at] == ',' ? gap(json, at + 1) : at;
    }

    /** The next byte that is no white space. */
    private static int gap(byte[] json, int from) {
        int at = from;
        while (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t') {
            at++;
        }
        return at;
    }

    /** Behind the value that begins here. */
    private static int valueEnd(byte[] json, int from) {
        int depth = 0;
        int at = from;
        do {
            switch (json[at]) {
                case '"' -> at = quoteEnd(json, at);
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
            at++;
        } while (depth > 0 || (at < json.length && isWithin(json[at]) && json[from] != '"' && isWithin(json[at - 1])));
        return at;
    }

    /** Part of a number or a word. */
    private static boolean isWithin(byte character) {
        return Character.isLetterOrDigit(character) || character == '-' || character == '+' || character == '.';
    }

    private static int quoteEnd(byte[] json, int from) {
        int at = from + 1;
        while (json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return at;
    }

    /** A string; neither a topic nor a cursor has a character that JSON escapes. */
    private static String text(byte[] quoted) {
        return new String(quoted, 1, quoted.length - 2, StandardCharsets.UTF_8);
    }
}
