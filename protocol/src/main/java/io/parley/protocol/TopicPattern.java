package io.parley.protocol;

/**
 * A set of MQTT topics, written as a topic filter: {@code +} stands for one level, {@code #} at the end for that level and all below it. As in MQTT, a
 * wildcard at the first level does not match a topic that begins with {@code $}.
 *
 * @param text the filter; not checked, and one that MQTT does not know matches nothing that it should not
 */
public record TopicPattern(String text) {
    private static final String SHARED = "$share/";

    /** All topics below {@code prefix}, and itself; {@code #} is every topic that does not begin with {@code $}. */
    public static TopicPattern below(String prefix) {
        return new TopicPattern(prefix.equals("#") ? prefix : prefix + "/#");
    }

    /** The topic filter of a shared subscription without its group; any other filter as it is. */
    public static String unshared(String filter) {
        if (!filter.startsWith(SHARED)) {
            return filter;
        }
        int group = filter.indexOf('/', SHARED.length());
        return group < 0 ? filter : filter.substring(group + 1);
    }

    /** Whether every topic that {@code filter} matches is in this set. A topic's name is a filter that matches only itself. */
    public boolean covers(String filter) {
        String[] mine = text.split("/", -1);
        String[] others = filter.split("/", -1);
        if (others[0].startsWith("$") && !mine[0].equals(others[0])) {
            return false;
        }
        for (int i = 0; i < mine.length; i++) {
            if (mine[i].equals("#")) {
                return i == mine.length - 1;
            }
            if (i >= others.length || others[i].equals("#") || !(mine[i].equals("+") || mine[i].equals(others[i]))) {
                return false;
            }
        }
        return mine.length == others.length;
    }
}
