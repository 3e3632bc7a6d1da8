package io.parley.standalone;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.parley.protocol.ConversationId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/**
 * What one token was sent, by the push sink of the platform.
 *
 * @param file of the sink
 * @param token of a phone, or a browser's endpoint
 */
record PushedTo(Path file, String token) {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** One notification. */
    record Pushed(
            String platform,
            ConversationId conversation,
            int seq,
            String collapseId,
            int badge,
            boolean silent,
            boolean withdraw,
            String title,
            String body) {

        static Pushed of(Config line) {
            return new Pushed(
                    line.getString("platform"),
                    ConversationId.parse(line.getString("conversation")),
                    line.getInt("seq"),
                    line.getString("collapseId"),
                    line.getInt("badge"),
                    line.getBoolean("silent"),
                    line.getBoolean("withdraw"),
                    line.getString("title"),
                    line.getString("body"));
        }
    }

    static PushedTo of(Platform platform, String token) {
        return new PushedTo(Path.of(String.valueOf(platform.environment().get(PushSink.FILE_VARIABLE))), token);
    }

    /** All, in the order in which they were accepted. */
    List<Pushed> all() {
        try {
            // The last line may be written just now.
            String whole = Files.readString(file);
            return whole.substring(0, whole.lastIndexOf('\n') + 1)
                    .lines()
                    .map(line -> ConfigFactory.parseString(
                            line, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON)))
                    .filter(line -> line.getString("token").equals(token))
                    .map(Pushed::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Pushed> of(ConversationId conversation) {
        return all().stream()
                .filter(one -> one.conversation().equals(conversation))
                .toList();
    }

    /** Waits for the message, and shows what it was told by. */
    Pushed await(ConversationId conversation, int seq) {
        return awaitOne(conversation, seq, false);
    }

    /** Waits until what was shown of a conversation is withdrawn. */
    Pushed awaitWithdrawal(ConversationId conversation) {
        return awaitOne(conversation, 0, true);
    }

    private Pushed awaitOne(ConversationId conversation, int seq, boolean withdraw) {
        return Awaitility.await(token)
                .atMost(LIMIT)
                .until(
                        () -> of(conversation).stream()
                                .filter(one -> one.withdraw() == withdraw && (withdraw || one.seq() == seq))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }
}
