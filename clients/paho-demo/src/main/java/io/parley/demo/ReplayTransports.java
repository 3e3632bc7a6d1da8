package io.parley.demo;

import java.net.http.HttpClient;
import java.util.Random;

/** Which member of a replay uses what: a share of them HTTP, drawn by a seed; the others by turns MQTT 3.1.1 and MQTT 5. */
final class ReplayTransports {
    /** The same names in every run: a user has twenty devices at most. */
    private static final String MQTT_DEVICE = "replay";

    private static final String HTTP_DEVICE = "replay-http";

    private final HttpClient http = HttpCalls.client();
    private final Random random;
    private final double httpShare;
    private final long seed;
    private int drawn;
    private int byHttp;

    /** @param httpShare 0 to 1 */
    ReplayTransports(double httpShare, long seed) {
        this.httpShare = httpShare;
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** What one member uses. */
    record Choice(String deviceName, Device.Maker maker) {}

    /** The next member's. */
    Choice next() {
        int number = drawn++;
        if (random.nextDouble() < httpShare) {
            byHttp++;
            return new Choice(HTTP_DEVICE, (target, id, listener) -> Device.http(http, target, id, listener));
        }
        return new Choice(MQTT_DEVICE, number % 2 == 0 ? Device::v3 : Device::v5);
    }

    boolean hasHttp() {
        return byHttp > 0;
    }

    /** One line about those who were drawn. */
    String describe() {
        return httpShare == 0
                ? "everybody uses MQTT"
                : byHttp + " of " + drawn + " members use HTTP (--seed " + seed + " draws the same)";
    }
}
