package io.parley.standalone;

import java.util.Map;

/**
 * Which of the JVM's compilers the servers use. The optimising one makes them a third cheaper, and for its first minutes takes the better part of
 * one processor: on a small machine that minute is seconds of delay.
 */
enum Compilers {
    FIRST("-XX:TieredStopAtLevel=1"),
    BOTH("-XX:+TieredCompilation");

    private static final String VARIABLE = "PARLEY_COMPILERS";
    private static final int ENOUGH_PROCESSORS = 4;

    private final String flag;

    Compilers(String flag) {
        this.flag = flag;
    }

    /** As the environment says; else both where there are processors to spare. */
    static Compilers of(Map<String, String> environment, int processors) throws PlatformException {
        String asked = environment.getOrDefault(VARIABLE, "");
        return switch (asked) {
            case "" -> processors < ENOUGH_PROCESSORS ? FIRST : BOTH;
            case "first" -> FIRST;
            case "both" -> BOTH;
            default -> throw new PlatformException(VARIABLE + " is \"" + asked + "\": set it to first or both");
        };
    }

    /** The JVM's option. */
    String flag() {
        return flag;
    }
}
