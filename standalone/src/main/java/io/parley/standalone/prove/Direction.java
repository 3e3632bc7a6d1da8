package io.parley.standalone.prove;

/** Which packets of a connection are dropped. */
enum Direction {
    /** All. */
    BOTH(""),
    /** Those that the struck process sends: it hears, and nobody hears it. */
    SENT("-mute"),
    /** Those that are sent to the struck process: it is heard, and hears nobody. */
    RECEIVED("-deaf");

    private final String suffix;

    Direction(String suffix) {
        this.suffix = suffix;
    }

    /** What the kind of a fault in this direction ends with. */
    String suffix() {
        return suffix;
    }
}
