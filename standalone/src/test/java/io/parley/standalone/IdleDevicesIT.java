package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.UserId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the connection of a device that has nothing to say costs the broker node. */
@WithPlatform
class IdleDevicesIT {
    private static final int DEVICES = Integer.getInteger("parley.test.devices", 1000);
    /** What is made once, for whichever device comes first, is made by these. */
    private static final int BEFORE = 200;

    private static final long LIMIT_KIB = 30;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Platform platform;
    private final RunningProcess broker;

    IdleDevicesIT(Platform platform) {
        this.platform = platform;
        this.broker = RunningProcess.of(platform, RoleName.BROKER);
    }

    /**
     * The broker node's memory after a full collection, in KiB.
     *
     * @param heap that is in use
     * @param resident what the process takes from the machine
     */
    private record Memory(double heap, long resident) {}

    @Test
    void an_idle_device_costs_thirty_kib_at_most() throws Exception {
        List<RawMqtt> devices = new ArrayList<>();
        try {
            connect(devices, BEFORE);
            Memory before = memory();
            double connected = metric("parley_broker_connections");

            connect(devices, DEVICES);
            Memory after = memory();

            assertThat(metric("parley_broker_connections")).isEqualTo(connected + DEVICES);
            double heapKib = (after.heap() - before.heap()) / DEVICES;
            double residentKib = (double) (after.resident() - before.resident()) / DEVICES;
            System.out.printf(
                    "%d idle devices: %.1f KiB of heap and %.1f KiB of resident memory each (%.0f, %d KiB before)%n",
                    DEVICES, heapKib, residentKib, before.heap(), before.resident());
            assertThat(heapKib).isBetween(1.0, (double) LIMIT_KIB);
        } finally {
            for (RawMqtt device : devices) {
                device.close();
            }
        }
    }

    /** Devices of as many users; each listens to its user's conversations, and to one that it names. */
    private void connect(List<RawMqtt> devices, int count) throws Exception {
        int first = devices.size();
        for (int i = first; i < first + count; i++) {
            UserId user = UserId.parse("idle-" + i);
            RawMqtt device = RawMqtt.connect(Login.of(platform, user, "phone"), RawMqtt.V3);
            devices.add(device);
            device.subscribe("chat/+/msg");
            device.subscribe("chat/idle-" + i + "~idle-peer/msg");
        }
        for (RawMqtt device : devices.subList(first, devices.size())) {
            device.answer();
            device.answer();
        }
    }

    private Memory memory() throws Exception {
        await().atMost(LIMIT).until(() -> metric("parley_broker_devices_behind") == 0);
        return new Memory(broker.heapKibAfterCollection(), broker.residentKib());
    }

    private double metric(String beginning) throws IOException, InterruptedException {
        return broker.metric(beginning);
    }
}
