package io.parley.standalone.libraries;

import com.google.gson.JsonParser;
import io.parley.standalone.Packet;
import io.parley.standalone.Publish;
import io.parley.standalone.libraries.WatchedLink.Passed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which of a client's messages were acknowledged, by the packets that passed. */
final class Acknowledgements {
    /** The first reason code of a PUBACK that is a failure. */
    private static final int FAILURE = 0x80;

    private final Set<String> acknowledged = new HashSet<>();
    private final Set<String> refused = new HashSet<>();

    /** A packet id is a number of its connection. */
    private record Open(int connection, int packetId) {}

    Acknowledgements(List<Device> devices) {
        for (Device device : devices) {
            Map<Open, String> open = new HashMap<>();
            for (Passed seen : device.passed()) {
                if (seen.fromClient() && seen.packet().type() == Packet.PUBLISH) {
                    Publish publish = Publish.of(seen.packet(), device.level());
                    open.put(new Open(seen.connection(), publish.packetId()), idOf(publish.payload()));
                } else if (!seen.fromClient() && seen.packet().type() == Packet.PUBACK) {
                    String id = open.remove(
                            new Open(seen.connection(), seen.packet().packetId()));
                    if (id != null) {
                        (seen.packet().reason() < FAILURE ? acknowledged : refused).add(id);
                    }
                }
            }
        }
    }

    private static String idOf(String payload) {
        return JsonParser.parseString(payload).getAsJsonObject().get("id").getAsString();
    }

    /** The ids of the messages that the server took. */
    Set<String> acknowledged() {
        return acknowledged;
    }

    /** The ids of the messages that the server refused for ever. */
    Set<String> refused() {
        return refused;
    }
}
