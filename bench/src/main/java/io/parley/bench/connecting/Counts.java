package io.parley.bench.connecting;

/** Lines about what should not be. */
final class Counts {
    private Counts() {}

    static void append(StringBuilder text, String what, long count) {
        if (count > 0) {
            text.append(what)
                    .append(" ".repeat(23 - what.length()))
                    .append(count)
                    .append('\n');
        }
    }
}
