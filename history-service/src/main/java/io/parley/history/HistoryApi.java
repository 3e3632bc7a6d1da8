package io.parley.history;

import static io.parley.history.HistoryServer.named;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ConversationList;
import io.parley.protocol.wire.ListConversations;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import io.parley.storage.Held;
import io.parley.storage.HistoryAnswer;
import io.parley.storage.ListRequest;
import io.parley.storage.PageRequest;
import io.parley.storage.UserReads;
import jakarta.servlet.AsyncContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What is read: lists of conversations and pages of messages. Reads need no log; a list is answered by the engine while the log is there. */
final class HistoryApi implements Routes {
    /** A list that the engine does not answer by then is read from storage. */
    private static final long ENGINE_MILLIS = 3_000;

    private static final int UNAVAILABLE = 503;

    /** The size of a page of conversations, as of one of messages. */
    private static final int LIST_BYTES = 1024 * 1024;

    private final Askers askers;
    private final UserReads reads;
    private final ChatSource chats;
    private final Duration timeout;
    private final Executor answering;

    /**
     * @param timeout how long a request may wait for {@code reads}; then it fails with a {@code TimeoutException}
     * @param answering encodes and writes answers: a client may take one slowly, and storage's own threads must not wait for it
     */
    HistoryApi(Askers askers, UserReads reads, ChatSource chats, Duration timeout, Executor answering) {
        this.askers = askers;
        this.reads = reads;
        this.chats = chats;
        this.timeout = timeout;
        this.answering = answering;
    }

    @Override
    public void add(RoutesConfig routes) {
        routes.get("/v1/conversations", named("conversations", this::conversations));
        routes.get("/v1/conversations/{conversation}/messages", named("messages", this::messages));
    }

    /** {@code GET /v1/conversations}. */
    private void conversations(Context context) {
        UserId user = askers.user(context);
        ListRequest request = PageQuery.readList(name -> Optional.ofNullable(context.queryParam(name)));
        Chat chat = chats.now().filter(Chat::isReachable).orElse(null);
        if (chat == null) {
            context.future(() -> stored(context, user, request));
            return;
        }
        context.future(() -> ofEngine(chat, user, request, Answers.format(context))
                .thenAcceptAsync(list -> Answers.answer(context, list), answering)
                .exceptionallyCompose(failure -> failure instanceof CompletionException wrapped
                                && wrapped.getCause() instanceof Refusal refusal
                                && refusal.status() != UNAVAILABLE
                        ? CompletableFuture.failedFuture(refusal)
                        : stored(context, user, request)));
    }

    private CompletableFuture<Void> stored(Context context, UserId user, ListRequest request) {
        return answered(context, reads.list(user, request), list -> Answers.answer(context, list));
    }

    /** The list that devices get on MQTT. */
    private static CompletableFuture<ConversationList> ofEngine(
            Chat chat, UserId user, ListRequest request, WireFormat format) {
        Request asked = Request.newBuilder()
                .setListConversations(
                        ListConversations.newBuilder().setLimit(request.limit()).setAfter(request.after()))
                .build();
        return chat.visitors()
                .ask(Askers.device(user, Askers.NO_DEVICE), asked, format, LIST_BYTES)
                .orTimeout(ENGINE_MILLIS, TimeUnit.MILLISECONDS)
                .thenApply(answered -> list(answered.reply()));
    }

    private static ConversationList list(Reply reply) {
        if (reply.hasError()) {
            throw Refusal.of(reply.getError());
        }
        ConversationList.Builder list = ConversationList.newBuilder()
                .addAllConversations(reply.getConversationsList())
                .setUnreadTotal(reply.getUnreadTotal());
        if (!reply.getNext().isEmpty()) {
            list.setNext(ListRequest.next(reply.getNext()));
        }
        return list.build();
    }

    /** {@code GET /v1/conversations/{conversation}/messages}. */
    private void messages(Context context) {
        UserId user = askers.user(context);
        ConversationId conversation = conversation(context.pathParam("conversation"));
        PageRequest request = PageQuery.read(name -> Optional.ofNullable(context.queryParam(name)));
        context.future(() -> answered(context, reads.page(conversation, user, request), answer -> {
            if (answer instanceof HistoryAnswer.Found found) {
                Answers.answerTagged(context, found.page());
            } else {
                Answers.refuse(context, Refusal.notMember());
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

    private static ConversationId conversation(String text) {
        try {
            return ConversationId.parse(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.notFound();
        }
    }
}
