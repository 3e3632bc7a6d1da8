package io.parley.operator;

import io.parley.protocol.UserId;
import io.parley.protocol.log.RevokeTokens;
import io.parley.protocol.log.UserCommand;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.Settings;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code parley revoke}. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Revokes every token that was issued to the users until now: their connections end, and none of these tokens is taken again.",
            "Tokens that are issued from the next second on are good. Sessions, messages and push tokens stay."
        })
final class RevokeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "USER", arity = "1..*", description = "1-64 of a-z 0-9 _ . -")
    private List<String> names = List.of();

    @Override
    public Integer call() throws AdminException, ExecutionException, InterruptedException {
        for (String name : names) {
            if (!UserId.isValid(name)) {
                throw new AdminException("\"" + name + "\" is no user id: 1-64 of a-z 0-9 _ . -; nothing was revoked");
            }
        }
        UserCommands.send(
                KafkaSettings.from(Settings.load()).client(),
                names.stream().map(UserId::parse).toList(),
                UserCommand.newBuilder()
                        .setRevokeTokens(RevokeTokens.getDefaultInstance())
                        .build());
        System.out.println("revoked users=" + names.size() + ": it holds as soon as the engine has read that");
        return 0;
    }
}
