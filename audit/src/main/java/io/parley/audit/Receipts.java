package io.parley.audit;

import java.util.List;
import java.util.Map;

/**
 * What is known about the receipts of one conversation after a run.
 *
 * @param told what devices were told, in order per device
 * @param reached how far each user has come in truth
 * @param informed the devices that had time to be told all of it
 */
public record Receipts(List<Told> told, Map<String, Pointers> reached, List<String> informed) {

    public Receipts {
        told = List.copyOf(told);
        reached = Map.copyOf(reached);
        informed = List.copyOf(informed);
    }

    /** Nobody asked for receipts. */
    public static Receipts none() {
        return new Receipts(List.of(), Map.of(), List.of());
    }
}
