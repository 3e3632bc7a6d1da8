package io.parley.identity;

import java.util.List;

/**
 * What a token says of topics beside the chat, as MQTT topic filters: its claims {@value #PUBLISH} and {@value #SUBSCRIBE}, each an array of texts.
 *
 * @param publish the topics that its user may publish to
 * @param subscribe the topics that its user may subscribe to
 */
public record TopicClaims(List<String> publish, List<String> subscribe) {
    public static final String PUBLISH = "publish";
    public static final String SUBSCRIBE = "subscribe";
    /** Nothing is allowed: what a token without these claims says. */
    public static final TopicClaims NONE = new TopicClaims(List.of(), List.of());

    /** Takes copies. */
    public TopicClaims {
        publish = List.copyOf(publish);
        subscribe = List.copyOf(subscribe);
    }
}
