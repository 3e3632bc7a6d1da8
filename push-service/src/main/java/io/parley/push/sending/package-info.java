/**
 * When a notification is sent, and what follows from how that ended: order, coalescing, retries, circuit breakers, deadlines. No threads, no Kafka, no
 * provider's library; time is handed in.
 */
@NullMarked
package io.parley.push.sending;

import org.jspecify.annotations.NullMarked;
