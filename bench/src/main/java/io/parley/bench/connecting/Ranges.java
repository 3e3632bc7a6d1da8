package io.parley.bench.connecting;

/** The ranges of options that both loads have. */
final class Ranges {
    private Ranges() {}

    static void messages(int conversationsEach, int perSecond) {
        require(conversationsEach >= 1 && conversationsEach <= 1_000, "--conversations is from 1 to 1000");
        require(perSecond >= 1 && perSecond <= 1_000_000, "--rate is from 1 to 1000000");
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
