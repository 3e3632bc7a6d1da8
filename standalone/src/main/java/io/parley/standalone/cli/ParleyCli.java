package io.parley.standalone.cli;

import io.parley.standalone.PlatformException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code ./parley}. Exit codes: 0 done, 1 could not (said in one line on standard error), 2 wrong usage. */
@Command(
        name = "parley",
        mixinStandardHelpOptions = true,
        version = "Parley 0.1.0",
        description = "A chat platform for everything that speaks MQTT, on one machine.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            TokenCommand.class,
            ServeCommand.class,
            ClientCommand.Demo.class,
            ClientCommand.Chat.class,
            ClientCommand.Replay.class,
            ClientCommand.Bench.class,
            ClientCommand.Storage.class,
            ClientCommand.Erase.class
        },
        footer = {
            "",
            "Also: ./parley test runs every test.",
            "Ports and other settings are environment variables: see ./parley up --help."
        })
public final class ParleyCli {

    private ParleyCli() {}

    public static void main(String[] args) {
        CommandLine line = new CommandLine(new ParleyCli());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, command, parsed) -> explain(e));
        int exitCode = line.execute(args.length == 0 ? new String[] {"--help"} : args);
        System.exit(exitCode);
    }

    private static int explain(Exception e) throws Exception {
        if (e instanceof PlatformException) {
            System.err.println("parley: " + e.getMessage());
            return 1;
        }
        throw e;
    }
}
