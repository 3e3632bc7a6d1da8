package io.parley.standalone.libraries;

import io.parley.standalone.Login;
import java.util.List;

/**
 * What a client is given.
 *
 * @param login where and as whom it connects
 * @param filters what it subscribes to, once, at QoS 1
 * @param group the topic of the group that all write in
 * @param direct the topic of the user that it writes to
 * @param journal takes what it receives
 */
record Seat(Login login, List<String> filters, String group, String direct, Journal journal) {
    /** How long its session lives without a connection. */
    static final int EXPIRY_SECONDS = 3_600;

    Seat {
        filters = List.copyOf(filters);
    }

    int[] qualities() {
        return filters.stream().mapToInt(filter -> 1).toArray();
    }
}
