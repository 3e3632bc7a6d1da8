package io.parley.bridge.user;

/**
 * A session that is over, of which conversations may still hold cursors.
 *
 * @param device whose
 * @param session its number
 * @param told the last conversation that was told, in the order of their names; empty: none
 */
public record EndedSession(String device, long session, String told) {}
