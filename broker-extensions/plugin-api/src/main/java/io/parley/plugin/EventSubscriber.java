package io.parley.plugin;

/**
 * Is told of every event of the conversations that it chooses, at least once, those of one conversation in their order. Its position is in the log: after a
 * restart it goes on where it was. A new subscription begins with the next event. It holds up nobody else, and nothing is kept longer for it.
 */
@FunctionalInterface
public interface EventSubscriber {
    /**
     * Takes an event. It is done when this method returns. An exception, or the deadline of {@link SubscriptionTerms}, makes it come again after a pause.
     * The same event can come again also after a crash: handle it by conversation and seq.
     */
    void onEvent(Event event) throws Exception;

    /** Whether it wants the events of a conversation; asked for each event, must answer at once. */
    default boolean wants(String conversation) {
        return true;
    }
}
