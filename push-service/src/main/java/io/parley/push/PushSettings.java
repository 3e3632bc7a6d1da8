package io.parley.push;

import io.parley.protocol.KafkaClient;
import io.parley.push.sending.SendSettings;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.Settings;
import java.time.Duration;

/**
 * The settings of this service, without those of the providers.
 *
 * @param bind address to listen on
 * @param operationsPort TCP port of /healthz and /metrics, 0 for any
 * @param kafka how it is reached
 * @param reloadEvery how often files with secrets are looked at
 * @param sending how notifications are sent
 */
record PushSettings(String bind, int operationsPort, KafkaClient kafka, Duration reloadEvery, SendSettings sending) {
    private static final String RELOAD = "parley.push.reload-every";

    static PushSettings from(Settings settings) {
        Duration reloadEvery = settings.duration(RELOAD);
        if (reloadEvery.toMillis() < 100 || reloadEvery.toHours() > 24) {
            throw settings.bad(RELOAD, "must be 100ms to 24h");
        }
        return new PushSettings(
                settings.text("parley.bind"),
                settings.port("parley.push.operations-port"),
                KafkaSettings.from(settings).client(),
                reloadEvery,
                SendSettings.from(settings));
    }
}
