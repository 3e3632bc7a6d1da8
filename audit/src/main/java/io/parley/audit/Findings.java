package io.parley.audit;

/** Takes what the checks of one conversation find. */
@FunctionalInterface
interface Findings {
    /**
     * @param seq the entry that shows it; 0 when no single entry does
     * @param what happened, in words
     */
    void found(Anomaly anomaly, int seq, String what);
}
