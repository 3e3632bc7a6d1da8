package io.parley.bridge.engine;

/** Which lives of nodes have ended for good. For any thread. */
interface Lives {
    /** Nothing is known of any. */
    Lives UNKNOWN = (slot, epoch) -> false;

    /** Whether that life has ended, and can never act again. False as long as that is not known. */
    boolean isOver(int slot, long epoch);
}
