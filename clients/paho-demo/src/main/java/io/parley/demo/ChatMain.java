package io.parley.demo;

/** Runs {@link ChatCommand} as a program of its own. */
public final class ChatMain {
    private ChatMain() {}

    public static void main(String[] args) {
        System.exit(Terminals.run(new ChatCommand(), args));
    }
}
