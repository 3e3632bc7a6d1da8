package io.parley.history.polling;

import io.parley.gateway.Loop;
import io.parley.gateway.delivering.DeliveryNode;
import io.parley.history.polling.Reader.Ending;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** The devices that come by calls. Called on any thread; everything of a device happens on its user's loop. */
public final class Polls {
    private static final long TICK_MILLIS = 250;

    private final DeliveryNode node;
    private final CursorSeal seal;
    private final PollSettings settings;
    private final Function<UserId, Loop> loops;
    private final Predicate<UserId> mayConnect;
    private final Map<Loop, Map<DeviceId, HttpDevice>> here = new ConcurrentHashMap<>();
    private final AtomicInteger connected = new AtomicInteger();

    /**
     * @param seal writes the cursors
     * @param loops where everything of a user happens
     * @param mayConnect asked before each new connection
     */
    public Polls(
            DeliveryNode node,
            CursorSeal seal,
            PollSettings settings,
            Function<UserId, Loop> loops,
            Predicate<UserId> mayConnect) {
        this.node = node;
        this.seal = seal;
        this.settings = settings;
        this.loops = loops;
        this.mayConnect = mayConnect;
    }

    /**
     * A call waits for what comes to its device. One that waits already ends.
     *
     * @param tokenIssuedAtMillis when the call's token was issued, epoch milliseconds
     * @param has what the device shows to have, by a cursor of this device
     */
    public void wait(DeviceId device, long tokenIssuedAtMillis, Map<ConversationId, Integer> has, Reader call) {
        Loop loop = loops.apply(device.user());
        if (!loop.execute(() -> serve(loop, device, tokenIssuedAtMillis, has, call))) {
            call.end(Ending.UNAVAILABLE);
        }
    }

    /** The call ends, if it waits still. */
    public void over(DeviceId device, Reader call, Ending reason) {
        onDevice(device, found -> found.over(call, reason));
    }

    /** The call takes more again. */
    public void ready(DeviceId device) {
        onDevice(device, HttpDevice::ready);
    }

    private void onDevice(DeviceId device, Consumer<HttpDevice> task) {
        Loop loop = loops.apply(device.user());
        loop.execute(() -> {
            HttpDevice found = devices(loop).get(device);
            if (found != null) {
                task.accept(found);
            }
        });
    }

    /** Devices that are connected now. */
    public int connected() {
        return connected.get();
    }

    private void serve(
            Loop loop, DeviceId id, long tokenIssuedAtMillis, Map<ConversationId, Integer> has, Reader call) {
        HttpDevice device = devices(loop).get(id);
        if (device != null) {
            device.acknowledge(has);
            if (device.lacksSomething()) {
                // A new connection of the same session begins where the device is.
                device.leave(Ending.REPLACED);
                device = null;
            }
        }
        if (device == null) {
            if (connected.get() >= settings.devices()) {
                call.end(Ending.FULL);
                return;
            }
            if (!mayConnect.test(id.user())) {
                call.end(Ending.TOO_OFTEN);
                return;
            }
            device = connect(loop, id, tokenIssuedAtMillis, has);
        }
        device.serve(call);
    }

    private HttpDevice connect(Loop loop, DeviceId id, long tokenIssuedAtMillis, Map<ConversationId, Integer> has) {
        Map<DeviceId, HttpDevice> devices = devices(loop);
        connected.incrementAndGet();
        HttpDevice[] made = new HttpDevice[1];
        made[0] = new HttpDevice(id, node, loop, seal, has, tokenIssuedAtMillis, () -> {
            connected.decrementAndGet();
            devices.remove(id, made[0]);
        });
        devices.put(id, made[0]);
        return made[0];
    }

    private Map<DeviceId, HttpDevice> devices(Loop loop) {
        return here.computeIfAbsent(loop, begun -> {
            begun.schedule(() -> tickOn(begun), TICK_MILLIS);
            return new ConcurrentHashMap<>();
        });
    }

    private void tickOn(Loop loop) {
        loop.schedule(() -> tickOn(loop), TICK_MILLIS);
        List.copyOf(devices(loop).values()).forEach(device -> device.tick(settings));
    }

    /** Every connection ends. What the devices acknowledged is on its way to the log when the loops have run what they have by now. */
    public void close() {
        here.forEach((loop, devices) ->
                loop.execute(() -> List.copyOf(devices.values()).forEach(device -> device.leave(Ending.UNAVAILABLE))));
    }
}
