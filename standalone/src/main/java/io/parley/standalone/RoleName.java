package io.parley.standalone;

import java.util.Locale;

/** The processes of a platform, in the order in which they start. */
public enum RoleName {
    KAFKA,
    CASSANDRA,
    ENGINE,
    BROKER,
    HISTORY;

    /** Whether it has files that a second process on the same data directory would spoil. */
    public boolean ownsFiles() {
        return this == KAFKA || this == CASSANDRA;
    }

    /** As people write it: {@code kafka}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
