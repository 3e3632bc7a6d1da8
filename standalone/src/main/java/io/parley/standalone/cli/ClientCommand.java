package io.parley.standalone.cli;

import io.parley.runtime.Settings;
import io.parley.standalone.Addresses;
import io.parley.standalone.ClientProgram;
import io.parley.standalone.Installation;
import io.parley.standalone.Layout;
import io.parley.standalone.Platform;
import io.parley.standalone.PlatformException;
import io.parley.standalone.RoleName;
import io.parley.standalone.RunningPlatform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** Runs a client program against the platform; what is not known here is the program's own command line. */
abstract class ClientCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Unmatched
    private List<String> rest = new ArrayList<>();

    private final ClientProgram program;
    private final boolean startsPlatform;

    private ClientCommand(ClientProgram program, boolean startsPlatform) {
        this.program = program;
        this.startsPlatform = startsPlatform;
    }

    @Override
    public Integer call() throws IOException, PlatformException, InterruptedException {
        Installation installation = Installation.find();
        if (rest.contains("--help") || rest.contains("-h")) {
            return program.run(installation, rest, Map.of());
        }
        if (namesBroker(rest)) {
            // A platform elsewhere; the key of the data directory signs the tokens, unless the program is given one.
            return program.run(
                    installation, rest, Map.of("PARLEY_DATA", data.directory().toString()));
        }
        Optional<RunningPlatform> running = RunningPlatform.on(data.directory());
        if (running.isPresent()) {
            return program.run(installation, rest, running.get().environment());
        }
        if (!startsPlatform) {
            throw new PlatformException("nothing runs on " + data.directory() + ": start it with ./parley up --detach");
        }
        Platform own = UpCommand.start(
                data.directory(),
                Addresses.from(Settings.load()),
                RoleName.usual(),
                Layout.ALONE,
                line -> System.err.println(line));
        try (own) {
            return program.run(installation, rest, own.environment());
        }
    }

    static boolean namesBroker(List<String> arguments) {
        return arguments.stream().anyMatch(argument -> argument.equals("--mqtt") || argument.startsWith("--mqtt="));
    }

    /** {@code ./parley demo}. */
    @Command(
            name = "demo",
            description = {
                "Plays a tour of the platform with Paho clients; starts the platform for it if none runs",
                "and --mqtt names none elsewhere."
            })
    static final class Demo extends ClientCommand {
        Demo() {
            super(ClientProgram.DEMO, true);
        }
    }

    /** {@code ./parley chat}. */
    @Command(name = "chat", description = "A chat client for the terminal: ./parley chat --as USER.")
    static final class Chat extends ClientCommand {
        Chat() {
            super(ClientProgram.CHAT, false);
        }
    }

    /** {@code ./parley replay}. */
    @Command(
            name = "replay",
            description = "Replays an IRC log as a group and audits it; starts the platform for it if none runs.")
    static final class Replay extends ClientCommand {
        Replay() {
            super(ClientProgram.REPLAY, true);
        }
    }

    /** {@code ./parley storage}. */
    @Command(name = "storage", description = "Shows what is stored where, and until when.")
    static final class Storage extends ClientCommand {
        Storage() {
            super(ClientProgram.STORAGE, false);
        }
    }

    /** {@code ./parley erase}. */
    @Command(name = "erase", description = "Erases a user everywhere, and reports what it did.")
    static final class Erase extends ClientCommand {
        Erase() {
            super(ClientProgram.ERASE, false);
        }
    }

    /** {@code ./parley users}. */
    @Command(name = "users", description = "Makes users known who have not connected yet: ./parley users import FILE.")
    static final class Users extends ClientCommand {
        Users() {
            super(ClientProgram.USERS, false);
        }
    }

    /** {@code ./parley revoke}. */
    @Command(name = "revoke", description = "Revokes all tokens that a user has: ./parley revoke USER.")
    static final class Revoke extends ClientCommand {
        Revoke() {
            super(ClientProgram.REVOKE, false);
        }
    }

    /** {@code ./parley buried}. */
    @Command(name = "buried", description = "Lists the records that could not be processed or stored.")
    static final class Buried extends ClientCommand {
        Buried() {
            super(ClientProgram.BURIED, false);
        }
    }

    /** {@code ./parley servers}. */
    @Command(name = "servers", description = "Shows how Kafka and Cassandra are: leaders, replicas, readers, nodes.")
    static final class Servers extends ClientCommand {
        Servers() {
            super(ClientProgram.SERVERS, false);
        }
    }

    /** {@code ./parley trace}. */
    @Command(
            name = "trace",
            description = "Shows live what happens to a user or conversation, and why a message was not delivered.")
    static final class Trace extends ClientCommand {
        Trace() {
            super(ClientProgram.TRACE, false);
        }
    }

    /** {@code ./parley bench}. */
    @Command(name = "bench", description = "Loads a platform and measures it.")
    static final class Bench extends ClientCommand {
        Bench() {
            super(ClientProgram.BENCH, true);
        }
    }
}
