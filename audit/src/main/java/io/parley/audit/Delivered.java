package io.parley.audit;

/**
 * One PUBLISH that a device received. The deliveries of one device stand in a recording in the order in which they came.
 *
 * @param device the device
 * @param user its owner
 * @param connection which connection of the device, counted from 1
 * @param entry what came
 */
public record Delivered(String device, String user, int connection, Entry entry) {}
