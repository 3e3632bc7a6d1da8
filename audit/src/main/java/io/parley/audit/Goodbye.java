package io.parley.audit;

/**
 * A connection that its device has ended in order, after its acknowledgements, and whose node lived on until these were durable. None of
 * what was acknowledged may come again.
 *
 * @param device the device
 * @param connection which connection of the device, counted from 1
 * @param acknowledged the highest seq that was acknowledged on it
 */
public record Goodbye(String device, int connection, int acknowledged) {
    /** Whether that came again although it was acknowledged. */
    boolean forbids(Delivered delivery) {
        return delivery.connection() > connection
                && delivery.entry().seq() <= acknowledged
                && delivery.device().equals(device);
    }
}
