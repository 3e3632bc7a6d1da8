package io.parley.bridge.user;

import static io.parley.bridge.user.Connections.isConnected;

import io.parley.bridge.state.Device;
import io.parley.bridge.state.Moved;
import io.parley.protocol.UserId;
import java.time.Duration;

/** What a device's row says of its session. */
public final class Sessions {
    /** No session outlives its connection for longer. */
    static final int MAX_EXPIRY_SECONDS = (int) Duration.ofDays(30).toSeconds();

    /** The number of a session that began before sessions had numbers. */
    public static final long OF_OLD_ROW = 1;

    private Sessions() {}

    /** How long the session outlives its connection, of what the device asked for as an unsigned number. */
    public static int expirySeconds(int asked) {
        return (int) Math.min(Integer.toUnsignedLong(asked), MAX_EXPIRY_SECONDS);
    }

    /** Whether the session ended with time, though its row may still be there. */
    public static boolean isOver(Device device, long nowMillis) {
        return !isConnected(device) && device.getEndsAtMillis() <= nowMillis;
    }

    /** Whether no part of the session outlives its connection. */
    public static boolean isTransient(Device device) {
        return device.getExpirySeconds() == 0;
    }

    /** The session without its connection, of which nothing more is heard; over at once if it is transient. */
    public static Device left(Device device, boolean interrupted, long nowMillis) {
        return device.toBuilder()
                .clearSlot()
                .clearEpoch()
                .clearConnection()
                .setSeenMillis(nowMillis)
                .setEndsAtMillis(nowMillis
                        + Duration.ofSeconds(device.getExpirySeconds()).toMillis())
                .setInterrupted(interrupted)
                .build();
    }

    /** A row that is older than sessions: it knows no filters, and the device is remembered as long as any. */
    public static Device ofOldRow(Device row) {
        Device.Builder device = row.toBuilder()
                .setSession(OF_OLD_ROW)
                .setExpirySeconds(MAX_EXPIRY_SECONDS)
                .setCursors(true);
        return isConnected(row)
                ? device.build()
                : device.setEndsAtMillis(row.getSeenMillis()
                                + Duration.ofSeconds(MAX_EXPIRY_SECONDS).toMillis())
                        .build();
    }

    /** Whether the session lacks nothing, although the conversation moved for another. */
    public static boolean isSettled(Moved moved, Device device) {
        return moved.getSettledList().contains(device.getSession());
    }

    /** The key of the row that a device and its session have. */
    public static String deviceKey(UserId id, String name) {
        return UserFamily.DEVICE.prefix() + id + "|" + name;
    }
}
