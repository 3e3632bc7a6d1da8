package io.parley.bench.mixed;

import java.util.List;
import java.util.random.RandomGenerator;

/** What devices and groups do besides talking, drawn by a seed. One thread. */
final class Unrest {
    private static final int ONE_IN_STORMS = 40;
    private static final int SHARE_OF_A_STORM = 2;

    private final Company company;
    private final RandomGenerator random;
    private int moves;
    private int storms;

    Unrest(Company company, RandomGenerator random) {
        this.company = company;
        this.random = random;
    }

    /** Once a second: guests come and go, somebody reads, and a device moves; now and then half of them come back at once. */
    void second() {
        company.groups().forEach(group -> group.turn(random));
        List<Actor> actors = company.actors();
        for (int i = 0; i < actors.size(); i += 2) {
            actors.get(i).readEverything();
        }
        actors.forEach(Actor::resend);
        if (random.nextInt(ONE_IN_STORMS) == 0) {
            storms++;
            actors.stream()
                    .filter(actor -> random.nextInt(SHARE_OF_A_STORM) == 0)
                    .forEach(Actor::leaveAndReturn);
            return;
        }
        moves++;
        switch (random.nextInt(3)) {
            case 0 -> one(actors).leaveAndReturn();
            case 1 -> one(actors).takeOver();
            default -> one(company.movable()).switchTransport();
        }
    }

    private Actor one(List<Actor> some) {
        return some.get(random.nextInt(some.size()));
    }

    String describe() {
        return moves + " times a device changed its node or transport or was taken over, and " + storms
                + " times half of them came back at once";
    }
}
