package io.parley.bridge;

import io.parley.protocol.UserId;
import java.util.LinkedHashSet;
import java.util.Set;

/** Numbers in keys, so that the keys are in the order of the numbers: what is due by a time is a range of keys. */
public final class OrderedKeys {
    private static final int DIGITS_OF_TIME = 15;

    private OrderedKeys() {}

    /** A number of at most so many digits, not negative. */
    public static String number(long number, int digits) {
        String text = Long.toString(number);
        return "0".repeat(Math.max(digits - text.length(), 0)) + text;
    }

    /** A time, epoch milliseconds. */
    public static String time(long millis) {
        return number(millis, DIGITS_OF_TIME);
    }

    /**
     * The users whose keys are of that time or earlier, the earliest first. No row is read: one may be unreadable.
     *
     * @param prefix after which keys have a time, a user and something else, with bars between them
     * @param limit the most keys
     */
    public static Set<UserId> usersDue(Rows rows, String prefix, long nowMillis, int limit) {
        Set<UserId> due = new LinkedHashSet<>();
        for (String key : rows.keys(prefix, prefix + time(nowMillis + 1), limit)) {
            int from = prefix.length() + DIGITS_OF_TIME + 1;
            due.add(UserId.parse(key.substring(from, key.indexOf('|', from))));
        }
        return due;
    }
}
