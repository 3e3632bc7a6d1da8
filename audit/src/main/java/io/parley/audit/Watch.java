package io.parley.audit;

/**
 * A device that had caught up at the end of the run and so must have received everything its owner may see after {@code after}.
 *
 * @param device the device
 * @param user its owner
 * @param after the device's cursor when it first attached: only higher seqs count
 */
public record Watch(String device, String user, int after) {}
