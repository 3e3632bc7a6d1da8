package io.parley.standalone.libraries;

import com.google.gson.JsonParser;
import io.parley.standalone.Packet;
import io.parley.standalone.PacketProperties;
import io.parley.standalone.Publish;
import io.parley.standalone.libraries.WatchedLink.Passed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a device was sent more than once, and should not have been. A message may come again on a later connection, when the device had not
 * acknowledged it more than a second before the earlier one ended: an acknowledgement that is younger may not have reached the log, or not even
 * the node. It carries DUP then, but not if a node was killed within two seconds of the earlier delivery: what a node has sent in its last
 * second is known to nobody else.
 */
final class Repeats {
    private static final long ACKNOWLEDGED_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long SENT_NANOS = Duration.ofSeconds(2).toNanos();

    private final WatchedLink link;
    private final Device device;
    private final List<Long> killsNanos;
    private final Map<Integer, Map<Long, String>> topics = new HashMap<>();
    private final Map<String, Delivery> last = new HashMap<>();
    private final Map<List<Integer>, Delivery> open = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int allowed;

    /** A message on its way to the device. */
    private static final class Delivery {
        private final int connection;
        private final long atNanos;
        private @Nullable Long acknowledgedNanos;

        Delivery(int connection, long atNanos) {
            this.connection = connection;
            this.atNanos = atNanos;
        }
    }

    /** @param killsNanos when broker nodes were killed */
    Repeats(WatchedLink link, Device device, List<Long> killsNanos) {
        this.link = link;
        this.device = device;
        this.killsNanos = List.copyOf(killsNanos);
        for (Passed seen : device.passed()) {
            if (!seen.fromClient() && seen.packet().type() == Packet.PUBLISH) {
                delivered(seen, Publish.of(seen.packet(), device.level()));
            } else if (seen.fromClient() && seen.packet().type() == Packet.PUBACK) {
                acknowledged(seen);
            }
        }
    }

    private void delivered(Passed seen, Publish publish) {
        String topic = topicOf(seen.connection(), publish);
        if (publish.qos() == 0) {
            return;
        }
        int seq = JsonParser.parseString(publish.payload())
                .getAsJsonObject()
                .get("seq")
                .getAsInt();
        String key = topic + " " + seq;
        Delivery earlier = last.get(key);
        if (earlier != null) {
            check(key, earlier, seen, publish.dup());
        }
        Delivery delivery = new Delivery(seen.connection(), seen.atNanos());
        last.put(key, delivery);
        open.put(List.of(seen.connection(), publish.packetId()), delivery);
    }

    private void acknowledged(Passed seen) {
        Delivery delivery = open.remove(List.of(seen.connection(), seen.packet().packetId()));
        if (delivery != null) {
            delivery.acknowledgedNanos = seen.atNanos();
        }
    }

    private void check(String key, Delivery earlier, Passed again, boolean dup) {
        if (earlier.connection == again.connection()) {
            wrong.add(key + " twice on one connection");
            return;
        }
        Long acknowledged = earlier.acknowledgedNanos;
        if (acknowledged != null && link.endedNanos(earlier.connection) - acknowledged > ACKNOWLEDGED_NANOS) {
            wrong.add(key + " again after its acknowledgement");
        } else if (!dup && killsNanos.stream().noneMatch(kill -> Math.abs(kill - earlier.atNanos) < SENT_NANOS)) {
            wrong.add(key + " again without DUP");
        } else {
            allowed++;
        }
    }

    private String topicOf(int connection, Publish publish) {
        Map<Long, String> aliases = topics.computeIfAbsent(connection, unused -> new HashMap<>());
        OptionalLong alias = publish.properties().one(PacketProperties.TOPIC_ALIAS);
        if (alias.isEmpty()) {
            return publish.topic();
        }
        if (!publish.topic().isEmpty()) {
            aliases.put(alias.getAsLong(), publish.topic());
        }
        return aliases.getOrDefault(alias.getAsLong(), "");
    }

    /** Each repeat that is against the contract, in words. */
    List<String> wrong() {
        return wrong;
    }

    @Override
    public String toString() {
        return device.id() + ": " + allowed + " allowed repeats, wrong " + wrong;
    }
}
