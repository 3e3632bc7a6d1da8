package io.parley.push.sink;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * FCM on this machine: its HTTP v1 API and the token endpoint of its service accounts. The unmodified Admin SDK talks to it. It accepts any token that is not told
 * to fail, for projects whose service account it made.
 */
public final class FcmCounterpart implements AutoCloseable {
    private static final Pattern SEND = Pattern.compile("/v1/projects/([^/]+)/messages:send");
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String BEARER = "Bearer ";
    private static final int LONGEST_REQUEST = 64 * 1024;
    /** What {@link #misbehave} calls the token endpoint. */
    public static final String TOKEN_ENDPOINT = "/token";

    private final FcmAccounts accounts = new FcmAccounts();
    private final Consumer<SinkRecord> accepted;
    private final Clock clock;
    private final LocalServer server;

    /**
     * Starts it on the loopback address.
     *
     * @param port 0: any free one
     * @param accepted is told each message; from several threads
     */
    public FcmCounterpart(int port, Clock clock, Consumer<SinkRecord> accepted) throws IOException {
        this.accepted = accepted;
        this.clock = clock;
        this.server = new LocalServer("fcm-counterpart", port);
        server.on(TOKEN_ENDPOINT, this::giveAccess);
        server.on("/v1/projects/", this::accept);
        server.start();
    }

    /** For the setting {@code parley.push.fcm.endpoint}. */
    public URI endpoint() {
        return server.address();
    }

    /** A new service account for a project, as the content of its file. The project's account before is not valid any more. */
    public String serviceAccount(String project) {
        return accounts.file(project, server.address() + TOKEN_ENDPOINT);
    }

    /**
     * A service account that a counterpart gave out before, as the content of its file, with the address of this one.
     *
     * @throws IllegalArgumentException when it is no such file
     */
    public String serviceAccountAgain(String file) {
        return accounts.fileAgain(file, server.address() + TOKEN_ENDPOINT);
    }

    /** Google's side ends all access tokens: senders must ask for new ones. */
    public void revokeAccess() {
        accounts.revoke();
    }

    /** From now on, what is sent to this token fails; or, with {@link #TOKEN_ENDPOINT}, who asks for access. */
    public void misbehave(String token, Fault fault) {
        server.misbehave(token, fault);
    }

    /** Ends all faults. */
    public void behave() {
        server.behave();
    }

    private void giveAccess(HttpExchange exchange) throws IOException, InterruptedException {
        Map<String, String> form =
                form(new String(LocalServer.body(exchange, LONGEST_REQUEST), StandardCharsets.UTF_8));
        if (server.faulty(TOKEN_ENDPOINT, exchange)) {
            return;
        }
        String assertion = form.getOrDefault("assertion", "");
        Optional<String> access = GRANT.equals(form.get("grant_type"))
                ? accounts.access(assertion, issuer(assertion), server.address() + TOKEN_ENDPOINT)
                : Optional.empty();
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        if (access.isEmpty()) {
            LocalServer.answer(
                    exchange, 400, "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}");
            return;
        }
        LocalServer.answer(
                exchange,
                200,
                "{\"access_token\":\"" + access.get() + "\",\"expires_in\":3599,\"token_type\":\"Bearer\"}");
    }

    private void accept(HttpExchange exchange) throws IOException, InterruptedException {
        byte[] body = LocalServer.body(exchange, LONGEST_REQUEST);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
        Matcher path = SEND.matcher(exchange.getRequestURI().getPath());
        Optional<String> project = project(exchange);
        if (project.isEmpty()) {
            refuse(exchange, FcmError.UNAUTHENTICATED);
        } else if (!path.matches() || !project.get().equals(path.group(1))) {
            refuse(exchange, FcmError.PERMISSION_DENIED);
        } else {
            accept(exchange, project.get(), body);
        }
    }

    private void accept(HttpExchange exchange, String project, byte[] body) throws IOException, InterruptedException {
        Optional<FcmMessage> message = message(body);
        if (message.isEmpty()) {
            refuse(exchange, FcmError.BAD_MESSAGE);
            return;
        }
        if (server.faulty(message.get().token(), exchange)) {
            return;
        }
        accepted.accept(message.get().record(clock.instant().toString(), project));
        LocalServer.answer(exchange, 200, "{\"name\":\"projects/" + project + "/messages/" + UUID.randomUUID() + "\"}");
    }

    private static Optional<FcmMessage> message(byte[] body) {
        try {
            JsonObject json = JsonParser.parseString(new String(body, StandardCharsets.UTF_8))
                    .getAsJsonObject();
            return FcmMessage.read(json.getAsJsonObject("message"));
        } catch (JsonParseException | IllegalStateException | ClassCastException notOne) {
            return Optional.empty();
        }
    }

    private static void refuse(HttpExchange exchange, FcmError error) throws IOException {
        Fault.Answer answer = error.answer();
        LocalServer.answer(exchange, answer.status(), answer.body());
    }

    private Optional<String> project(HttpExchange exchange) {
        String authorization = LocalServer.header(exchange, "Authorization");
        return authorization.startsWith(BEARER)
                ? accounts.projectOf(authorization.substring(BEARER.length()))
                : Optional.empty();
    }

    /** Who signed, before the signature is verified: it names the key. */
    private static String issuer(String assertion) {
        try {
            String claims =
                    new String(Base64.getUrlDecoder().decode(assertion.split("\\.", -1)[1]), StandardCharsets.UTF_8);
            return JsonParser.parseString(claims).getAsJsonObject().get("iss").getAsString();
        } catch (RuntimeException notSigned) {
            return "";
        }
    }

    private static Map<String, String> form(String body) {
        return Arrays.stream(body.split("&", -1))
                .map(field -> field.split("=", 2))
                .filter(field -> field.length == 2)
                .collect(Collectors.toMap(
                        field -> field[0],
                        field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8),
                        (first, again) -> first));
    }

    @Override
    public void close() {
        server.close();
    }
}
