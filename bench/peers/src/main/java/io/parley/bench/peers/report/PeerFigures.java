package io.parley.bench.peers.report;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one server. What was not reached is null; {@code trouble} says why.
 *
 * @param facts what it is
 * @param startSeconds from its first start until it served
 * @param warmUps the loads before the measured ones
 * @param loads one on one, at each rate, in each round
 * @param climb one on one, at rising rates, to find the highest that holds
 * @param group one group; the rate is of messages, each has a delivery for every other member
 * @param trouble what went wrong, empty if nothing did
 */
public record PeerFigures(
        Facts facts,
        double startSeconds,
        List<LoadFigures> warmUps,
        List<LoadFigures> loads,
        List<LoadFigures> climb,
        @Nullable LoadFigures group,
        @Nullable CatchUp catchUp,
        @Nullable Memory memory,
        @Nullable Crash crash,
        String trouble) {

    public PeerFigures {
        warmUps = List.copyOf(warmUps);
        loads = List.copyOf(loads);
        climb = List.copyOf(climb);
    }

    /** The mean over the rounds that held the rate; empty if none did. */
    public OptionalDouble mean(int rate, ToDoubleFunction<LoadFigures> what) {
        return loads.stream()
                .filter(load -> load.rate() == rate && load.held())
                .mapToDouble(what)
                .average();
    }

    /** The highest rate that held, in messages per second; 0 if none did. */
    public int highestRate() {
        return Stream.concat(loads.stream(), climb.stream())
                .filter(LoadFigures::held)
                .mapToInt(LoadFigures::rate)
                .max()
                .orElse(0);
    }
}
