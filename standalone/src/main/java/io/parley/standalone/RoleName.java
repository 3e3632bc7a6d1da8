package io.parley.standalone;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The processes of a platform, in the order in which they are listed; {@link Role#wave} says when each starts. */
public enum RoleName {
    KAFKA,
    CASSANDRA,
    ENGINE,
    ARCHIVER,
    BROKER,
    HISTORY,
    PUSH_SINK,
    PUSH,
    PLUGINS;

    /**
     * Those of a platform for which nothing else was said. Push is not among them: it sends to services of others, and only with their credentials. Plugins are not: there has to be one. Nor is the archiver: where
     * it is not named, it runs in the engine's process, which saves one.
     */
    public static Set<RoleName> usual() {
        return EnumSet.complementOf(EnumSet.of(ARCHIVER, PUSH_SINK, PUSH, PLUGINS));
    }

    /** Whether it has files that a second process on the same data directory would spoil. */
    public boolean ownsFiles() {
        return this == KAFKA || this == CASSANDRA;
    }

    /** As people write it: {@code kafka}, {@code push-sink}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
