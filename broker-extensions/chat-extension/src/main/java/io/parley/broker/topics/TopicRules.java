package io.parley.broker.topics;

import io.parley.identity.TopicClaims;
import io.parley.protocol.TopicPattern;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one connection may do beside the chat. Where a prefix allows no such topic, no rule does.
 *
 * @param publish where it may publish, a will included
 * @param subscribe what it may subscribe to
 */
public record TopicRules(List<TopicPattern> publish, List<TopicPattern> subscribe) {
    /** The name under which the connection carries them, as text. */
    public static final String ATTRIBUTE = "parley-topics";

    /** Nothing. */
    public static final TopicRules NONE = new TopicRules(List.of(), List.of());

    private static final String LINE = "\n";
    private static final String PUBLISH = "p";
    private static final String SUBSCRIBE = "s";

    /** Takes copies. */
    public TopicRules {
        publish = List.copyOf(publish);
        subscribe = List.copyOf(subscribe);
    }

    /** What a token says. A pattern with a line break is left out. */
    public static TopicRules of(TopicClaims claims) {
        return new TopicRules(patterns(claims.publish()), patterns(claims.subscribe()));
    }

    private static List<TopicPattern> patterns(List<String> texts) {
        return texts.stream()
                .filter(text -> !text.contains(LINE))
                .map(TopicPattern::new)
                .toList();
    }

    public boolean isEmpty() {
        return publish.isEmpty() && subscribe.isEmpty();
    }

    public boolean mayPublish(String topic) {
        return TopicSettings.covers(publish, topic);
    }

    /** Whether it may subscribe to a topic filter, also a shared one: all that it matches must be allowed. */
    public boolean maySubscribe(String filter) {
        return TopicSettings.covers(subscribe, TopicPattern.unshared(filter));
    }

    /** The text form, for {@link #parse}. */
    public String text() {
        return Stream.concat(
                        publish.stream().map(pattern -> PUBLISH + pattern.text()),
                        subscribe.stream().map(pattern -> SUBSCRIBE + pattern.text()))
                .collect(Collectors.joining(LINE));
    }

    /** Reads {@link #text}. */
    public static TopicRules parse(String text) {
        List<String> lines = Arrays.asList(text.split(LINE, -1));
        return new TopicRules(lines(lines, PUBLISH), lines(lines, SUBSCRIBE));
    }

    private static List<TopicPattern> lines(List<String> lines, String kind) {
        return lines.stream()
                .filter(line -> line.startsWith(kind))
                .map(line -> new TopicPattern(line.substring(1)))
                .toList();
    }
}
