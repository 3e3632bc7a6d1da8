package io.parley.standalone.libraries;

import io.parley.standalone.Packet;
import io.parley.standalone.libraries.WatchedLink.Passed;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one client id said and heard on the wire.
 *
 * @param id the client id
 * @param level the protocol level
 * @param passed its packets on all its connections, in their order
 */
record Device(String id, int level, List<Passed> passed) {

    /** The devices of a link. */
    static List<Device> on(WatchedLink link) {
        Map<String, Device> devices = new LinkedHashMap<>();
        Map<Integer, Device> ofConnection = new LinkedHashMap<>();
        for (Passed seen : link.passed()) {
            if (seen.packet().type() == Packet.CONNECT) {
                String id = clientId(seen.packet());
                int level = seen.packet().protocolLevel();
                ofConnection.put(
                        seen.connection(),
                        devices.computeIfAbsent(id, unused -> new Device(id, level, new ArrayList<>())));
            }
            Device device = ofConnection.get(seen.connection());
            if (device != null) {
                device.passed.add(seen);
            }
        }
        return List.copyOf(devices.values());
    }

    private static String clientId(Packet connect) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(connect.body()));
            // Protocol name and level, flags, keep-alive.
            in.skipNBytes(10);
            if (connect.protocolLevel() == 5) {
                // The properties of these clients are shorter than 128 bytes, so that their length is one byte.
                in.skipNBytes(in.readUnsignedByte());
            }
            return in.readUTF();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The packets of one type in one direction. */
    List<Passed> of(int type, boolean fromClient) {
        return passed.stream()
                .filter(seen -> seen.fromClient() == fromClient && seen.packet().type() == type)
                .toList();
    }

    /** Its accepted connections: whether each found a session. */
    List<Boolean> sessionsPresent() {
        return of(Packet.CONNACK, false).stream()
                .map(Passed::packet)
                .filter(connAck -> connAck.reason() == 0)
                .map(Packet::sessionPresent)
                .toList();
    }

    /** The reasons with which its connections were refused. */
    List<Integer> refusals() {
        return reasons(Packet.CONNACK).stream().filter(reason -> reason != 0).toList();
    }

    /** The reason codes of what the node said. */
    List<Integer> reasons(int type) {
        return of(type, false).stream().map(seen -> seen.packet().reason()).toList();
    }
}
