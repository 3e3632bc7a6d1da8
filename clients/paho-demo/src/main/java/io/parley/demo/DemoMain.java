package io.parley.demo;

/** Runs {@link DemoCommand} as a program of its own. */
public final class DemoMain {
    private DemoMain() {}

    public static void main(String[] args) {
        System.exit(Terminals.run(new DemoCommand(), args));
    }
}
