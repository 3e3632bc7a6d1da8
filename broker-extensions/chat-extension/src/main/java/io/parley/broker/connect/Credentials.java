package io.parley.broker.connect;

import io.parley.broker.topics.TopicRules;
import io.parley.broker.topics.TopicSettings;
import io.parley.identity.Tokens;
import io.parley.identity.Verification;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Decides over a CONNECT by its client id, user name and password. */
final class Credentials {
    private final Tokens tokens;
    private final TopicSettings topics;

    Credentials(Tokens tokens, TopicSettings topics) {
        this.tokens = tokens;
        this.topics = topics;
    }

    /**
     * A CONNECT, reduced to what decides.
     *
     * @param encoding the MQTT 5 user property, or null
     */
    record Claim(
            String clientId,
            String userName,
            String password,
            @Nullable String encoding,
            boolean cleanStart,
            int receiveMaximum,
            long sessionExpirySeconds,
            int topicAliasMaximum,
            long maximumPacketSize) {}

    /** What came out. */
    sealed interface Outcome {}

    record Accepted(UserId user, ConnectOptions options, TopicRules rules) implements Outcome {}

    /** A client without a token: it has the open topics, and no part in the chat. */
    record AcceptedOpen() implements Outcome {}

    /** The reason is one line that may be shown to the client. */
    record Refused(Fault fault, String reason) implements Outcome {}

    /** What was wrong, and so which code the client gets. */
    enum Fault {
        TOKEN,
        /** Whether the token is good cannot be told now. */
        UNDECIDED,
        CLIENT_ID,
        OPTION
    }

    /** Decides; never fails. A token may have to be asked about. */
    CompletionStage<Outcome> check(Claim claim) {
        if (claim.userName().isEmpty()
                && claim.password().isEmpty()
                && !topics.open().isEmpty()) {
            return CompletableFuture.completedFuture(
                    claim.clientId().contains("/")
                            ? new Refused(Fault.CLIENT_ID, "without a token a client id has no slash")
                            : new AcceptedOpen());
        }
        return tokens.check(claim.password()).thenApply(checked -> outcome(claim, checked));
    }

    private Outcome outcome(Claim claim, Verification checked) {
        if (checked instanceof Verification.Refused refused) {
            return refused.reason().isForNow()
                    ? new Refused(Fault.UNDECIDED, "the token cannot be checked now, connect again later")
                    : new Refused(Fault.TOKEN, refused.told().isEmpty() ? "the token is not valid" : refused.told());
        }
        return outcome(claim, (Verification.Verified) checked);
    }

    private Outcome outcome(Claim claim, Verification.Verified verified) {
        int question = claim.userName().indexOf('?');
        String name = question < 0 ? claim.userName() : claim.userName().substring(0, question);
        if (!name.equals(verified.user().value())) {
            return new Refused(Fault.TOKEN, "the user name is not the token's");
        }
        if (!owns(claim.clientId(), verified)) {
            return new Refused(Fault.CLIENT_ID, "the client id is <user>/<device> with the token's user");
        }
        String wanted = claim.encoding() != null
                ? claim.encoding()
                : encoding(question < 0 ? "" : claim.userName().substring(question + 1));
        return switch (wanted.toLowerCase(Locale.ROOT)) {
            case "", "json" -> accepted(WireFormat.JSON, claim, verified);
            case "proto" -> accepted(WireFormat.PROTO, claim, verified);
            default -> new Refused(Fault.OPTION, "encoding is json or proto");
        };
    }

    private static boolean owns(String clientId, Verification.Verified verified) {
        try {
            return DeviceId.parse(clientId).user().equals(verified.user());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String encoding(String options) {
        for (String option : options.split("&", -1)) {
            if (option.startsWith("encoding=")) {
                return option.substring("encoding=".length());
            }
        }
        return "";
    }

    private Outcome accepted(WireFormat format, Claim claim, Verification.Verified verified) {
        return new Accepted(
                verified.user(),
                new ConnectOptions(
                        format,
                        claim.cleanStart(),
                        claim.receiveMaximum(),
                        verified.issuedAt().toEpochMilli(),
                        verified.expiresAt().toEpochMilli(),
                        claim.sessionExpirySeconds(),
                        claim.topicAliasMaximum(),
                        claim.maximumPacketSize()),
                topics.isOn() ? TopicRules.of(verified.topics()) : TopicRules.NONE);
    }
}
