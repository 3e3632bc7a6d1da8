package io.parley.history;

import com.google.protobuf.Message;
import io.javalin.http.Context;
import io.parley.identity.TokenVerifier;
import io.parley.identity.Verification;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Reply;
import io.parley.storage.Held;
import io.parley.storage.HistoryAnswer;
import io.parley.storage.ListRequest;
import io.parley.storage.PageRequest;
import io.parley.storage.UserReads;
import jakarta.servlet.AsyncContext;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The endpoints below {@code /v1}: who asks, what for, and the answer in the encoding that was asked for. */
final class HistoryApi {
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String SCHEME = "bearer ";

    private final TokenVerifier tokens;
    private final UserReads reads;
    private final RequestLimit limit;
    private final Duration timeout;
    private final Executor answering;

    /**
     * @param timeout how long a request may wait for {@code reads}; then it fails with a {@code TimeoutException}
     * @param answering encodes and writes answers: a client may take one slowly, and storage's own threads must not wait for it
     */
    HistoryApi(TokenVerifier tokens, UserReads reads, RequestLimit limit, Duration timeout, Executor answering) {
        this.tokens = tokens;
        this.reads = reads;
        this.limit = limit;
        this.timeout = timeout;
        this.answering = answering;
    }

    /** {@code GET /v1/conversations}. */
    void conversations(Context context) {
        UserId user = asker(context);
        ListRequest request = PageQuery.readList(name -> Optional.ofNullable(context.queryParam(name)));
        context.future(() -> answered(context, reads.list(user, request), list -> answer(context, list)));
    }

    /** {@code GET /v1/conversations/{conversation}/messages}. */
    void messages(Context context) {
        UserId user = asker(context);
        ConversationId conversation = conversation(context.pathParam("conversation"));
        PageRequest request = PageQuery.read(name -> Optional.ofNullable(context.queryParam(name)));
        context.future(() -> answered(context, reads.page(conversation, user, request), answer -> {
            if (answer instanceof HistoryAnswer.Found found) {
                answer(context, found.page());
            } else {
                refuse(context, Refusal.notMember());
            }
        }));
    }

    /** Answers with what is read. Its place in the budget is free when the answer has been written, or nobody waits for it any more. */
    private <T> CompletableFuture<Void> answered(
            Context context, CompletionStage<Held<T>> reading, Consumer<T> answering) {
        CompletableFuture<Held<T>> inTime =
                reading.toCompletableFuture().copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        AsyncContext written = context.req().getAsyncContext();
        var unused = reading.thenAccept(held -> {
            if (inTime.isCompletedExceptionally()) {
                held.release().run();
            }
        });
        return inTime.thenAcceptAsync(
                held -> {
                    written.addListener(new WhenWritten(held.release()));
                    answering.accept(held.value());
                },
                this.answering);
    }

    /** Answers with the refusal's status and error body. */
    static void refuse(Context context, Refusal refusal) {
        if (refusal.status() == 401) {
            context.header("WWW-Authenticate", "Bearer");
        }
        if (refusal.retryAfterSeconds() > 0) {
            context.header("Retry-After", Long.toString(refusal.retryAfterSeconds()));
        }
        error(context, refusal.status(), refusal.code(), refusal.reason());
    }

    /** Answers with a status and the error body. */
    static void error(Context context, int status, ErrorCode code, String message) {
        context.status(status);
        answer(
                context,
                Reply.newBuilder()
                        .setError(Error.newBuilder().setCode(code).setMessage(message))
                        .build());
    }

    private UserId asker(Context context) {
        String header = context.header("Authorization");
        if (header != null && header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            Verification verification =
                    tokens.verify(header.substring(SCHEME.length()).strip());
            if (verification instanceof Verification.Verified verified) {
                limit.take(verified.user());
                return verified.user();
            }
        }
        throw Refusal.noToken();
    }

    private static ConversationId conversation(String text) {
        try {
            return ConversationId.parse(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.notFound();
        }
    }

    private static void answer(Context context, Message message) {
        context.header("Cache-Control", "no-store");
        if (asksForProtobuf(context.header("Accept"))) {
            context.contentType(PROTOBUF).result(WireFormat.PROTO.encode(message));
        } else {
            context.contentType("application/json").result(WireFormat.JSON.encode(message));
        }
    }

    private static boolean asksForProtobuf(@Nullable String accept) {
        return accept != null && accept.contains(PROTOBUF);
    }
}
