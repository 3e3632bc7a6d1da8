package io.parley.protocol;

import java.util.List;

/**
 * What a store has of a stretch of events.
 *
 * @param events ascending by seq
 * @param through up to here nothing else will come: what is not among the events is kept no more
 */
public record EventPage(List<SequencedEvent> events, int through) {}
