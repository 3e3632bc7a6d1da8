package io.parley.history.page;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.parley.identity.DevKeys;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code POST /v1/development/token {"user":"alice"}}: a token of any user for whoever asks, on the developer's own machine. Only with the setting for it, which no
 * server on another than a loopback address takes. A web site that the developer looks at gets none: another origin may not send JSON here, and a name of its own
 * that leads to this machine is not a loopback name.
 */
final class DevelopmentTokens {
    private static final Duration LIFETIME = Duration.ofDays(7);
    private static final int MAX_BODY_CHARACTERS = 1024;
    private static final Set<String> LOOPBACK_NAMES = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");

    private final DevKeys keys;

    private DevelopmentTokens(DevKeys keys) {
        this.keys = keys;
    }

    static void add(RoutesConfig routes, PageSettings settings) {
        settings.developmentKeys().ifPresent(directory -> {
            DevelopmentTokens tokens = new DevelopmentTokens(open(directory, settings));
            routes.post("/v1/development/token", tokens::answer);
        });
    }

    private static DevKeys open(Path directory, PageSettings settings) {
        try {
            return DevKeys.openOrCreate(
                    directory, settings.jwt().issuer(), settings.jwt().audience());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(Context context) {
        context.header("Cache-Control", "no-store");
        if (!isFromHere(context)) {
            refuse(context, 403, ErrorCode.NOT_ALLOWED, "tokens for development are for this machine only");
            return;
        }
        Optional<UserId> user = user(context.body());
        if (user.isEmpty()) {
            refuse(context, 400, ErrorCode.BAD_REQUEST, "user must be 1-64 of a-z 0-9 _ . -");
            return;
        }
        JsonObject answer = new JsonObject();
        answer.addProperty("token", keys.sign(user.get(), LIFETIME));
        context.contentType("application/json").result(answer.toString());
    }

    private static boolean isFromHere(Context context) {
        String host = context.header("Host");
        String origin = context.header("Origin");
        String type = context.contentType();
        return isLoopback(context.ip())
                && host != null
                && LOOPBACK_NAMES.contains(PORT.matcher(host).replaceFirst(""))
                && (origin == null || origin.equals("http://" + host))
                && type != null
                && type.startsWith("application/json");
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static Optional<UserId> user(String body) {
        if (body.length() > MAX_BODY_CHARACTERS) {
            return Optional.empty();
        }
        try {
            JsonElement parsed = JsonParser.parseString(body);
            if (parsed.isJsonObject()
                    && parsed.getAsJsonObject().get("user") instanceof JsonPrimitive user
                    && user.isString()
                    && UserId.isValid(user.getAsString())) {
                return Optional.of(UserId.parse(user.getAsString()));
            }
        } catch (JsonParseException e) {
            // Answered like a body without a user.
        }
        return Optional.empty();
    }

    private static void refuse(Context context, int status, ErrorCode code, String message) {
        Reply reply = Reply.newBuilder()
                .setError(Error.newBuilder().setCode(code).setMessage(message))
                .build();
        context.status(status).contentType("application/json").result(WireFormat.JSON.encode(reply));
    }
}
