package io.parley.audit;

/**
 * What a device was told of one user's pointers. The tellings of one device stand in a recording in the order in which they came.
 *
 * @param device the device that was told
 * @param user whose pointers
 * @param told the pointers
 * @param possible how far the user's devices had acknowledged and read, at most, when it was told
 */
public record Told(String device, String user, Pointers told, Pointers possible) {}
