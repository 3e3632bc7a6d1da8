package io.parley.demo;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** What every program here does at its edges: output in UTF-8 whatever the locale says, and failures in one line. */
final class Terminals {
    private Terminals() {}

    static PrintStream utf8() {
        return new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    }

    /** Runs a command: 0 done, 1 could not (one line on standard error says why), 2 wrong usage. */
    static int run(Object command, String[] arguments) {
        CommandLine line = new CommandLine(command);
        line.setCommandName("parley " + line.getCommandName());
        line.setExecutionExceptionHandler((e, failed, parsed) -> {
            if (e instanceof DeviceException || e instanceof IOException) {
                System.err.println("parley: " + e.getMessage());
                return 1;
            }
            throw e;
        });
        return line.execute(arguments);
    }
}
