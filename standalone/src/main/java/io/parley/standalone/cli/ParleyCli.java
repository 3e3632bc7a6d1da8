package io.parley.standalone.cli;

import io.parley.runtime.BadSetting;
import io.parley.standalone.PlatformException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code ./parley}. Exit codes: 0 done, 1 could not (said in one line on standard error), 2 wrong usage. */
@Command(
        name = "parley",
        mixinStandardHelpOptions = true,
        versionProvider = BuiltVersion.class,
        description = "A chat platform for everything that speaks MQTT, on one machine.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            ProveCommand.class,
            TokenCommand.class,
            PushSinkCommand.class,
            PluginsCommand.class,
            ServeCommand.class,
            ClientCommand.Demo.class,
            ClientCommand.Chat.class,
            ClientCommand.Replay.class,
            ClientCommand.Bench.class,
            CompareCommand.class,
            ClientCommand.Storage.class,
            ClientCommand.Erase.class,
            ClientCommand.Users.class,
            ClientCommand.Revoke.class,
            ClientCommand.Buried.class,
            ClientCommand.Servers.class,
            ClientCommand.Trace.class,
            ModelCommand.class
        },
        footer = {
            "",
            "Also: ./parley test runs every test.",
            "Ports and other settings are environment variables or in a file: see ./parley up --help."
        })
public final class ParleyCli {

    private ParleyCli() {}

    public static void main(String[] args) {
        int exitCode = commandLine().execute(args.length == 0 ? new String[] {"--help"} : args);
        System.exit(exitCode);
    }

    static CommandLine commandLine() {
        return new CommandLine(new ParleyCli())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> explain(e));
    }

    private static int explain(Exception e) throws Exception {
        if (e instanceof IOException failure) {
            System.err.println("parley: " + said(failure));
            return 1;
        }
        if (e instanceof PlatformException || e instanceof BadSetting) {
            System.err.println("parley: " + e.getMessage());
            return 1;
        }
        throw e;
    }

    private static String said(IOException failure) {
        // Of these the message is the file, and the class the reason.
        if (failure instanceof FileAlreadyExistsException) {
            return failure.getMessage() + " is no directory";
        }
        if (failure instanceof NoSuchFileException) {
            return failure.getMessage() + " is not there and cannot be made";
        }
        if (failure instanceof AccessDeniedException) {
            return failure.getMessage() + ": permission denied";
        }
        return String.valueOf(failure.getMessage());
    }
}
