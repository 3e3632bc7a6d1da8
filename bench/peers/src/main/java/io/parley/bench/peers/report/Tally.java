package io.parley.bench.peers.report;

/**
 * What became of the messages of a load.
 *
 * @param sent messages that clients were given to send
 * @param acknowledged messages for which the server took responsibility
 * @param missing deliveries of acknowledged messages that did not come
 * @param doubled deliveries that came again
 * @param outOfOrder first deliveries that came after a later message of the same sender
 */
public record Tally(long sent, long acknowledged, long missing, long doubled, long outOfOrder) {

    /** Whether everything was acknowledged and came once, in order. */
    public boolean isClean() {
        return sent == acknowledged && missing == 0 && doubled == 0 && outOfOrder == 0;
    }
}
