package io.parley.standalone;

/** Hears, line by line, what the platform does; may be called from any thread. */
@FunctionalInterface
public interface Progress {
    void line(String text);

    /** Tells nobody. */
    static Progress silent() {
        return text -> {};
    }
}
