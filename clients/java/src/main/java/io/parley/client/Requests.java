package io.parley.client;

import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Requests and their replies. Thread-safe. */
final class Requests {
    private static final int MOST = 1_000;

    /** Publishes a request; done with the PUBACK. */
    interface Publisher {
        CompletableFuture<Void> publish(byte[] request);
    }

    private final Publisher publisher;
    private final Duration patience;
    private final Awaited<String, Reply> replies = new Awaited<>(MOST);

    Requests(Publisher publisher, Duration patience) {
        this.publisher = publisher;
        this.patience = patience;
    }

    CompletableFuture<Reply> ask(Request.Builder request) {
        String id = UUID.randomUUID().toString();
        String what = request.getRequestCase().toString();
        CompletableFuture<Reply> reply = replies.await(id);
        var unused = publisher
                .publish(Wire.encode(request.setRequestId(id).build()))
                .whenComplete((sent, failure) -> {
                    if (failure != null) {
                        replies.fail(
                                id,
                                failure instanceof ParleyException e
                                        ? e
                                        : new ParleyException(what + " could not be sent", failure));
                    }
                });
        return reply.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure ->
                        CompletableFuture.failedFuture(failure instanceof TimeoutException ? late(id, what) : failure))
                .thenCompose(answer -> answer.hasError()
                        ? CompletableFuture.failedFuture(refused(what, answer))
                        : CompletableFuture.completedFuture(answer));
    }

    private ParleyException late(String id, String what) {
        ParleyException late = new ParleyException(what + ": no answer within " + patience.toSeconds() + " s");
        replies.fail(id, late);
        return late;
    }

    private static ParleyException refused(String what, Reply answer) {
        String code = answer.getError().getCode().name();
        return new ParleyException(
                what + " was refused: " + code + " " + answer.getError().getMessage(), code);
    }

    /** Takes a reply; false if nobody waits for it. */
    boolean answered(Reply reply) {
        return replies.answer(reply.getRequestId(), reply);
    }

    void lost() {
        replies.failAll("the connection was lost; what was asked for may or may not have happened");
    }
}
