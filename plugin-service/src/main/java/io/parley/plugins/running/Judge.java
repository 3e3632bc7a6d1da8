package io.parley.plugins.running;

/** Hears how a plugin does, and switches it off when it is broken. Called on any thread. */
public interface Judge {
    /** A filter decided in time. */
    void worked();

    /** A filter failed, or missed its deadline. */
    void failed(String why);

    /** It must not run any longer, and only the end of the process ends it. */
    void unstoppable(String why);
}
