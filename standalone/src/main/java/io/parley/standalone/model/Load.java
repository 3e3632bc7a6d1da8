package io.parley.standalone.model;

/**
 * What users do.
 *
 * @param users who have an account, 1 or more
 * @param messagesPerDay that a user sends
 * @param online the share of users with a connected device at the peak, 0 to 1
 * @param devices connected devices of a user who is online
 * @param conversations of two, of a user
 * @param groups that a user is in
 * @param groupShare the share of messages that go to a group, 0 to 1
 * @param groupMembers of a group
 * @param peak the busiest minute, as a multiple of the day's mean
 * @param connectsPerHour of a connected device: it changes networks, or its application is opened
 * @param days how long messages are kept
 */
public record Load(
        double users,
        double messagesPerDay,
        double online,
        double devices,
        double conversations,
        double groups,
        double groupShare,
        double groupMembers,
        double peak,
        double connectsPerHour,
        double days) {
    private static final double SECONDS_A_DAY = 86_400;

    /** What is taken where nothing else is said. */
    public static Load of(double users) {
        return new Load(users, 40, 0.3, 1.5, 50, 5, 0.3, 20, 3, 1, 30);
    }

    /** The same users with more or fewer messages. */
    public Load withMessagesPerDay(double messages) {
        return new Load(
                users,
                messages,
                online,
                devices,
                conversations,
                groups,
                groupShare,
                groupMembers,
                peak,
                connectsPerHour,
                days);
    }

    /** Messages a second in the busiest minute. */
    double peakMessages() {
        return meanMessages() * peak;
    }

    /** Messages a second, over the day. */
    double meanMessages() {
        return users * messagesPerDay / SECONDS_A_DAY;
    }

    /** Devices that are connected at the peak. */
    double connected() {
        return users * online * devices;
    }

    /** Connected devices of others that one message is delivered to. */
    double deliveries() {
        double others = 1 - groupShare + groupShare * (groupMembers - 1);
        return others * online * devices;
    }

    /** Connects a second. */
    double connects() {
        return connected() * connectsPerHour / 3_600;
    }
}
