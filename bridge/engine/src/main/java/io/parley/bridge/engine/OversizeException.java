package io.parley.bridge.engine;

/** A step would make a record that Kafka refuses. */
final class OversizeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OversizeException(String topic, int bytes, int limit) {
        super("a record of " + bytes + " bytes for " + topic + " is above the limit of " + limit);
    }
}
