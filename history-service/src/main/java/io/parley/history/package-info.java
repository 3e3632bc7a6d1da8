/**
 * The HTTP transport: it reads from Cassandra through storage, and does everything else through the gateway, as the MQTT transport does. No MQTT and no client of
 * Kafka may come in here.
 */
@NullMarked
package io.parley.history;

import org.jspecify.annotations.NullMarked;
