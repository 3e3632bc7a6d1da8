package io.parley.protocol;

/**
 * One device of one user; its text form {@code user/name} is the MQTT client id.
 *
 * @param user the owner
 * @param name the device's name, in the grammar of a user id
 */
public record DeviceId(UserId user, String name) {
    /** @throws IllegalArgumentException if the name is outside the grammar */
    public DeviceId {
        if (!UserId.isValid(name)) {
            throw new IllegalArgumentException("a device name is 1-64 of [a-z0-9_.-]");
        }
    }

    /**
     * Reads a client id.
     *
     * @param clientId {@code user/device}
     * @throws IllegalArgumentException if it is no device id
     */
    public static DeviceId parse(String clientId) {
        int slash = clientId.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("a client id is <user>/<device>");
        }
        return new DeviceId(UserId.parse(clientId.substring(0, slash)), clientId.substring(slash + 1));
    }

    @Override
    public String toString() {
        return user + "/" + name;
    }
}
