package io.parley.demo;

/** Runs {@link ReplayCommand} as a program of its own. */
public final class ReplayMain {
    private ReplayMain() {}

    public static void main(String[] args) {
        System.exit(Terminals.run(new ReplayCommand(), args));
    }
}
