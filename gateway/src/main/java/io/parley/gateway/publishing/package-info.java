/**
 * What happens to a publication of a device, on any transport: an ordered pipeline of named steps. No HiveMQ, no HTTP and no Kafka may
 * come in here.
 */
@NullMarked
package io.parley.gateway.publishing;

import org.jspecify.annotations.NullMarked;
