package io.parley.bench.messages;

/** What the devices of a load use. */
public enum Transport {
    MQTT,
    /** Single calls and polls. */
    HTTP
}
