package io.parley.history.polling;

import java.time.Duration;

/**
 * How devices are kept connected.
 *
 * @param lease how long after its last call a device stays connected
 * @param devices the most devices that are connected at once
 * @param stream the longest that a stream of events lasts
 * @param acknowledging a stream ends so long after an event, for the device to come again and acknowledge it
 */
public record PollSettings(Duration lease, int devices, Duration stream, Duration acknowledging) {}
