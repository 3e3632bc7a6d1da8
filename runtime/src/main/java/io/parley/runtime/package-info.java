/**
 * What every server process of Parley has: checked settings, the operations endpoint and an orderly stop. Nothing of chat,
 * Kafka, Cassandra or MQTT comes in here.
 */
@NullMarked
package io.parley.runtime;

import org.jspecify.annotations.NullMarked;
