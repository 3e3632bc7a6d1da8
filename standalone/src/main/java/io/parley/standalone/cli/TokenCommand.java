package io.parley.standalone.cli;

import io.parley.identity.DevKeys;
import io.parley.identity.TopicClaims;
import io.parley.protocol.UserId;
import io.parley.standalone.PlatformException;
import io.parley.standalone.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Signs tokens with the standalone platform's own key. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Prints a token (JWT) for each user, one a line: the password of their MQTT connections.")
final class TokenCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--hours",
            defaultValue = "24",
            description = "How long a token is valid (default: 24); no longer than parley.jwt.longest-life.")
    private int hours;

    @Option(
            names = "--publish",
            paramLabel = "PATTERN",
            description = "A topic filter beside the chat that its user may publish to; several times for several.")
    private List<String> publish = new ArrayList<>();

    @Option(
            names = "--subscribe",
            paramLabel = "PATTERN",
            description = "A topic filter beside the chat that its user may subscribe to; several times for several.")
    private List<String> subscribe = new ArrayList<>();

    @Parameters(paramLabel = "USER", arity = "1..*", description = "1-64 of a-z 0-9 _ . -")
    private List<String> users = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec usage;

    @Override
    public Integer call() throws IOException, PlatformException {
        if (hours < 1 || hours > 24 * 365) {
            throw new ParameterException(usage.commandLine(), "--hours must be from 1 to 8760, but is " + hours);
        }
        List<UserId> valid = new ArrayList<>();
        for (String user : users) {
            if (!UserId.isValid(user)) {
                throw new ParameterException(
                        usage.commandLine(), "\"" + user + "\" is no user id: 1-64 of a-z 0-9 _ . -");
            }
            valid.add(UserId.parse(user));
        }
        DevKeys keys = Tokens.keys(data.directory());
        TopicClaims topics = new TopicClaims(publish, subscribe);
        for (UserId user : valid) {
            System.out.println(keys.sign(user, Duration.ofHours(hours), topics));
        }
        return 0;
    }
}
