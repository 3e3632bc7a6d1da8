package io.parley.history;

import io.parley.runtime.KafkaSettings;
import io.parley.runtime.Settings;
import java.time.Duration;

/**
 * This process as a node of the log.
 *
 * @param bootstrap host:port of Kafka brokers, comma-separated
 * @param slot its partition of the deliveries topic
 * @param patience the engine is told when a device acknowledges nothing for so long; zero: never
 * @param recentBytes of recent events that it remembers
 */
record NodeSettings(String bootstrap, int slot, Duration patience, long recentBytes) {
    static NodeSettings from(Settings settings) {
        return new NodeSettings(
                KafkaSettings.from(settings).bootstrap(),
                settings.integer("parley.history.slot", 0, 1023),
                settings.duration("parley.history.push-after-unacknowledged"),
                settings.bytes("parley.history.recent-bytes"));
    }
}
