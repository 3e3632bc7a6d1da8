package io.parley.protocol;

/** Where a device may publish: the grammar of {@code chat/…} and {@code user/…} topic names. */
public sealed interface PublishTopic {
    /** {@code chat/{conversation}/{feed}}; {@code chat/@bob/…} is resolved to the direct conversation. */
    record Chat(ConversationId conversation, Feed feed) implements PublishTopic {
        /** The topic's text. */
        public String topic() {
            return "chat/" + conversation + "/" + feed.level();
        }
    }

    /** {@code user/{user}/request}. */
    record Request(UserId user) implements PublishTopic {}

    /** Below {@code chat/} or {@code user/}, but nothing one can publish to. */
    record Unknown() implements PublishTopic {}

    /** Not ours: ordinary MQTT. */
    record Ordinary() implements PublishTopic {}

    /**
     * Reads the topic of a PUBLISH; never throws.
     *
     * @param topic the topic name
     * @param publisher who {@code @bob} is relative to
     */
    static PublishTopic parse(String topic, UserId publisher) {
        if (!isOurs(topic)) {
            return new Ordinary();
        }
        String[] levels = topic.split("/", -1);
        if (levels.length != 3) {
            return new Unknown();
        }
        try {
            if (levels[0].equals("user")) {
                return levels[2].equals("request") ? new Request(UserId.parse(levels[1])) : new Unknown();
            }
            Feed feed = Feed.ofLevel(levels[2]);
            if (feed == null || feed == Feed.PRESENCE) {
                return new Unknown();
            }
            ConversationId conversation = levels[1].startsWith("@")
                    ? ConversationId.direct(publisher, UserId.parse(levels[1].substring(1)))
                    : ConversationId.parse(levels[1]);
            return new Chat(conversation, feed);
        } catch (IllegalArgumentException outsideTheGrammar) {
            return new Unknown();
        }
    }

    /** Whether a topic name or filter lies below {@code chat} or {@code user}. */
    static boolean isOurs(String topic) {
        return topic.equals("chat") || topic.equals("user") || topic.startsWith("chat/") || topic.startsWith("user/");
    }
}
