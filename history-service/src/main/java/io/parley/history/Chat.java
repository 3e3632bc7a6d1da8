package io.parley.history;

import io.parley.gateway.delivering.DeliveryNode;
import io.parley.gateway.throttling.Limits;
import io.parley.history.polling.Polls;
import io.parley.history.visiting.Visitors;
import java.util.function.BooleanSupplier;

/**
 * What the service does by the log, when it has it.
 *
 * @param node this process as a node
 * @param visitors who asks and sends
 * @param polls devices that poll
 * @param limits what a user may send and ask
 * @param reachable whether the log answers now
 */
record Chat(DeliveryNode node, Visitors visitors, Polls polls, Limits limits, BooleanSupplier reachable) {
    boolean isReachable() {
        return reachable.getAsBoolean();
    }
}
