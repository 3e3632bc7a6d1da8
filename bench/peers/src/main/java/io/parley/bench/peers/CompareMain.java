package io.parley.bench.peers;

import java.io.IOException;
import picocli.CommandLine;

/** Runs {@link CompareCommand} as a program of its own: 0 done, 1 could not, 2 wrong usage. */
public final class CompareMain {
    private CompareMain() {}

    public static void main(String[] args) {
        CommandLine line = new CommandLine(new CompareCommand());
        line.setCommandName("parley " + line.getCommandName());
        line.setExecutionExceptionHandler((e, failed, parsed) -> {
            if (e instanceof IOException) {
                System.err.println("parley: " + e.getMessage());
                return 1;
            }
            throw e;
        });
        System.exit(line.execute(args));
    }
}
