package io.parley.bench;

import io.parley.demo.DeviceException;
import java.io.IOException;
import picocli.CommandLine;

/** Runs {@link BenchCommand} as a program of its own: 0 done and clean, 1 could not or not clean, 2 wrong usage. */
public final class BenchMain {
    private BenchMain() {}

    public static void main(String[] args) {
        CommandLine line = new CommandLine(new BenchCommand());
        line.setCommandName("parley " + line.getCommandName());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, failed, parsed) -> {
            if (e instanceof DeviceException || e instanceof IOException) {
                System.err.println("parley: " + e.getMessage());
                return 1;
            }
            throw e;
        });
        System.exit(line.execute(args));
    }
}
