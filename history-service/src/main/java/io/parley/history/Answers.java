package io.parley.history;

import com.google.protobuf.Message;
import io.javalin.http.Context;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Reply;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers in the encoding that was asked for. */
final class Answers {
    private static final String PROTOBUF = "application/x-protobuf";

    private static final int TAG_BYTES = 16;

    private Answers() {}

    /** Answers with a message. */
    static void answer(Context context, Message message) {
        context.header("Cache-Control", "no-store");
        WireFormat format = format(context);
        context.contentType(format == WireFormat.PROTO ? PROTOBUF : "application/json")
                .result(format.encode(message));
    }

    /**
     * Answers with something that may be asked for again unchanged. A copy is asked about each time: edits, deletions and retention change what is old.
     */
    static void answerTagged(Context context, Message message) {
        byte[] body = format(context).encode(message);
        String tag = tag(body);
        context.header("Cache-Control", "private, no-cache")
                .header("Vary", "Accept, Authorization")
                .header("ETag", tag);
        String known = context.header("If-None-Match");
        if (known != null && List.of(known.split("\\s*,\\s*", -1)).contains(tag)) {
            context.status(304);
        } else {
            context.contentType(format(context) == WireFormat.PROTO ? PROTOBUF : "application/json")
                    .result(body);
        }
    }

    private static String tag(byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            return '"' + HexFormat.of().formatHex(hash, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The encoding of the answer. */
    static WireFormat format(Context context) {
        return format(context.header("Accept"));
    }

    /** The encoding of the request's body. */
    static WireFormat bodyFormat(Context context) {
        return format(context.header("Content-Type"));
    }

    private static WireFormat format(@Nullable String types) {
        return types != null && types.contains(PROTOBUF) ? WireFormat.PROTO : WireFormat.JSON;
    }

    /** Answers with the refusal's status and error body. */
    static void refuse(Context context, Refusal refusal) {
        headers(context, refusal);
        answer(
                context,
                Reply.newBuilder()
                        .setError(Error.newBuilder().setCode(refusal.code()).setMessage(refusal.reason()))
                        .build());
    }

    /** Answers with the refusal's status and another body. */
    static void refuse(Context context, Refusal refusal, Reply body) {
        headers(context, refusal);
        answer(context, body);
    }

    private static void headers(Context context, Refusal refusal) {
        context.status(refusal.status());
        if (refusal.status() == 401) {
            context.header("WWW-Authenticate", "Bearer");
        }
        if (refusal.retryAfterSeconds() > 0) {
            context.header("Retry-After", Long.toString(refusal.retryAfterSeconds()));
        }
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
}
