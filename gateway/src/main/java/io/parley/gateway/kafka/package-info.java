/**
 * The log as Kafka has it: the gateway's only place with threads and clocks of its own.
 */
@NullMarked
package io.parley.gateway.kafka;

import org.jspecify.annotations.NullMarked;
