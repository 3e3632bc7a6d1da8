package io.parley.operator;

import io.parley.protocol.UserId;
import io.parley.protocol.log.KnowUser;
import io.parley.protocol.log.UserCommand;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code parley users}. */
@Command(
        name = "users",
        mixinStandardHelpOptions = true,
        description = "Makes users known who have not connected yet.",
        subcommands = UsersCommand.Import.class)
final class UsersCommand {
    /** {@code parley users import}. */
    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = {
                "Makes users known: others can write to them, and add them to groups, before they connect for the first time.",
                "Who has connected once is known without it. A user who is known already stays as is."
            })
    static final class Import implements Callable<Integer> {
        @Parameters(
                paramLabel = "FILE",
                description = "One name a line, 1-64 of a-z 0-9 _ . -; blank lines and # comments are skipped.")
        private Path file = Path.of("");

        @Override
        public Integer call() throws AdminException, ExecutionException, InterruptedException {
            Set<UserId> users = users(lines());
            UserCommands.send(
                    KafkaSettings.from(Settings.load()).client(),
                    users,
                    UserCommand.newBuilder()
                            .setKnowUser(KnowUser.getDefaultInstance())
                            .build());
            System.out.println(
                    users.size() + " users are in the log: the engine knows them as soon as it has read that");
            return 0;
        }

        private List<String> lines() throws AdminException {
            try {
                return Files.readAllLines(file);
            } catch (IOException e) {
                throw new AdminException("cannot read " + file + ": " + e.getMessage());
            }
        }
    }

    /**
     * The users that a file names.
     *
     * @throws AdminException naming the first line that is no user id
     */
    static Set<UserId> users(List<String> lines) throws AdminException {
        Set<UserId> users = new LinkedHashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            String name = lines.get(i).strip();
            if (name.isEmpty() || name.startsWith("#")) {
                continue;
            }
            if (!UserId.isValid(name)) {
                throw new AdminException("line " + (i + 1) + ": \"" + name
                        + "\" is no user id: 1-64 of a-z 0-9 _ . -; nothing was imported");
            }
            users.add(UserId.parse(name));
        }
        return users;
    }
}
