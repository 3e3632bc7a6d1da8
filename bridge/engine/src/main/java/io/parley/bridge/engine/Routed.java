package io.parley.bridge.engine;

/** A record's value on its way to a topic; the slot matters only for deliveries. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Routed(int slot, byte[] bytes) {}
