package io.parley.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where one process listens.
 *
 * @param process which
 * @param host its address
 * @param addresses its ports; those of other roles say nothing here
 * @param settings environment variables that only this process gets
 */
record Site(ProcessName process, String host, Addresses addresses, Map<String, String> settings) {

    Site {
        settings = Map.copyOf(settings);
    }

    /** A port that the process listens on. */
    record Listener(ProcessName process, String host, Port port, int number) {

        /** {@code host:port}. */
        String address() {
            return host + ":" + number;
        }

        /** With what it speaks, as a client is given it. */
        String shown() {
            return switch (port) {
                case HTTP,
                        BROKER_OPERATIONS,
                        ENGINE_OPERATIONS,
                        ARCHIVER_OPERATIONS,
                        PUSH_OPERATIONS,
                        PUSH_SINK_OPERATIONS,
                        PLUGINS,
                        PLUGINS_OPERATIONS,
                        PUSH_SINK_FCM,
                        PUSH_SINK_WEB_PUSH -> "http://" + address();
                case PUSH_SINK_APNS -> "https://" + address();
                case WEBSOCKET -> "ws://" + address() + "/mqtt";
                default -> address();
            };
        }

        boolean isTaken() {
            try (ServerSocket probe = new ServerSocket(number, 1, InetAddress.getByName(host))) {
                return !probe.isBound();
            } catch (IOException e) {
                return true;
            }
        }
    }

    List<Listener> listeners() {
        return Port.of(Set.of(process.role())).stream()
                .map(port -> new Listener(process, host, port, addresses.of(port)))
                .toList();
    }
}
