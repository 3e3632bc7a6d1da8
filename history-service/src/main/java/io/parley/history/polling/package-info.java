/**
 * Devices that poll, or follow a stream of events: a device's connection is kept from call to call by a lease, and a cursor tells what the device has. No HTTP
 * comes in here, and Kafka through the gateway only.
 */
@NullMarked
package io.parley.history.polling;

import org.jspecify.annotations.NullMarked;
