package io.parley.standalone.libraries;

/** A client of the platform on one library: connected, subscribed once, until it is closed. What it receives goes to its {@link Journal}. */
interface LibraryClient {
    /** Hands a message at QoS 1 to the library. Does not wait; a message that the library does not take goes to the journal. */
    void publish(String topic, String payload);

    /** Disconnects, and ends what belongs to the client. */
    void close() throws Exception;
}
