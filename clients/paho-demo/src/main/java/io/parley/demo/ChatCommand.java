package io.parley.demo;

import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parley chat --as USER}. */
@Command(name = "chat", mixinStandardHelpOptions = true, description = "A chat client for the terminal.")
public final class ChatCommand implements Callable<Integer> {
    @Mixin
    private PlatformOptions platform = new PlatformOptions();

    @Option(names = "--as", required = true, paramLabel = "USER", description = "Who you are: 1-64 of a-z 0-9 _ . -")
    private String user = "";

    @Option(
            names = "--device",
            defaultValue = "terminal",
            paramLabel = "NAME",
            description = "This device's name; another one for a second terminal (default: ${DEFAULT-VALUE}).")
    private String device = "";

    @Option(
            names = "--token",
            paramLabel = "JWT",
            description = "Your token; without it one is signed with the key in --data.")
    private @Nullable String token;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, DeviceException {
        platform.requireNoShare(spec);
        if (!UserId.isValid(user) || !UserId.isValid(device)) {
            throw new DeviceException("a user or device name is 1-64 of a-z 0-9 _ . -");
        }
        String given = token;
        DemoTarget target = given == null ? platform.target() : platform.target(given);
        ChatSession.run(target, new DeviceId(UserId.parse(user), device));
        return 0;
    }
}
