package io.parley.standalone.pages;

import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a page has played at one place.
 *
 * @param page the file's name
 * @param line of the marker, from 1
 * @param kind what happens
 * @param user who does it
 * @param device the user's, {@code phone} unless the page says otherwise
 * @param topic where; empty for what is no packet
 * @param payload the example; null for what is no packet
 * @param refusal the reason code of the PUBACK, 0: it is accepted
 */
public record Step(
        String page,
        int line,
        Kind kind,
        String user,
        String device,
        String topic,
        @Nullable JsonObject payload,
        int refusal) {
    /** What happens. */
    public enum Kind {
        /** A PUBLISH at QoS 1, with its PUBACK. */
        PUBLISHES(true),
        /** A PUBLISH that comes. */
        RECEIVES(true),
        CONNECTS(false),
        DISCONNECTS(false),
        /** The operator erases the user. */
        IS_ERASED(false);

        private final boolean packet;

        Kind(boolean packet) {
            this.packet = packet;
        }

        /** Whether an example belongs to it. */
        public boolean isPacket() {
            return packet;
        }
    }

    /** Where it stands, for an error's text. */
    public String place() {
        return page + ":" + line;
    }

    /** {@code alice/phone}. */
    public String clientId() {
        return user + "/" + device;
    }

    /** The example. */
    public JsonObject example() {
        if (payload == null) {
            throw new IllegalStateException(place() + " has no example");
        }
        return payload;
    }
}
