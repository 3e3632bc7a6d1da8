package io.parley.broker.connect;

import io.parley.protocol.WireFormat;

/**
 * What a connection agreed to at CONNECT.
 *
 * @param format the encoding of all its payloads
 * @param cleanStart whether the device starts now instead of at its cursor
 * @param receiveMaximum how many QoS 1 PUBLISH the client takes un-acknowledged, 1 to 65535
 * @param issuedAtMillis when its token was issued, in milliseconds since 1970
 * @param expiresAtMillis when its token ends, in milliseconds since 1970
 * @param sessionExpirySeconds the session expiry that the client asked for, 0 to 2^32 - 1
 * @param topicAliasMaximum how many topic aliases the client allows, 0 to 65535
 * @param maximumPacketSize the largest packet that the client takes, bytes
 */
public record ConnectOptions(
        WireFormat format,
        boolean cleanStart,
        int receiveMaximum,
        long issuedAtMillis,
        long expiresAtMillis,
        long sessionExpirySeconds,
        int topicAliasMaximum,
        long maximumPacketSize) {
    /** The name under which the connection carries them, as text. */
    public static final String ATTRIBUTE = "parley";

    private static final int MOST_BESIDE = 10;

    /** How many of {@link #receiveMaximum} are left to what is beside the chat: 1 to 10. */
    int receiveMaximumBeside() {
        return Math.max(1, Math.min(MOST_BESIDE, receiveMaximum / 4));
    }

    /** The same for a connection that shares its receive maximum with what is beside the chat. */
    ConnectOptions shared() {
        return new ConnectOptions(
                format,
                cleanStart,
                Math.max(1, receiveMaximum - receiveMaximumBeside()),
                issuedAtMillis,
                expiresAtMillis,
                sessionExpirySeconds,
                topicAliasMaximum,
                maximumPacketSize);
    }

    /** The text form, for {@link #parse}. */
    public String text() {
        return format + " " + cleanStart + " " + receiveMaximum + " " + issuedAtMillis + " " + expiresAtMillis + " "
                + sessionExpirySeconds + " " + topicAliasMaximum + " " + maximumPacketSize;
    }

    /** Reads {@link #text}. */
    public static ConnectOptions parse(String text) {
        String[] parts = text.split(" ", -1);
        return new ConnectOptions(
                WireFormat.valueOf(parts[0]),
                Boolean.parseBoolean(parts[1]),
                Integer.parseInt(parts[2]),
                Long.parseLong(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]),
                Integer.parseInt(parts[6]),
                Long.parseLong(parts[7]));
    }
}
