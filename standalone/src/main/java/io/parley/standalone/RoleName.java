package io.parley.standalone;

import java.util.Locale;

/** The processes of a platform, in the order in which they start. */
public enum RoleName {
    KAFKA,
    CASSANDRA,
    ENGINE,
    BROKER,
    HISTORY;

    /** As people write it: {@code kafka}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
