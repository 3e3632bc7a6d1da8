package io.parley.history;

import static io.parley.history.HistoryServer.named;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.parley.gateway.throttling.Throttle;
import io.parley.history.visiting.Answered;
import io.parley.history.visiting.Sent;
import io.parley.protocol.DeviceId;
import io.parley.protocol.Feed;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.PublishTopic;
import io.parley.protocol.TextLimit;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import jakarta.servlet.AsyncContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** What is asked for and sent: {@code POST /v1/requests} and {@code POST /v1/conversations/{conversation}/messages}, {@code …/receipt} and {@code …/typing}. */
final class PostRoutes implements Routes {
    /** As many bytes as the conversations of an answer may have on MQTT. */
    private static final int LIST_BYTES = 512 * 1024;

    /** The largest MQTT packet. */
    private static final int MAX_BODY_BYTES = 256 * 1024;

    private final Askers askers;
    private final ChatSource chats;
    private final Duration timeout;
    private final Executor answering;

    /**
     * @param timeout how long an answer may take
     * @param answering encodes and writes answers
     */
    PostRoutes(Askers askers, ChatSource chats, Duration timeout, Executor answering) {
        this.askers = askers;
        this.chats = chats;
        this.timeout = timeout;
        this.answering = answering;
    }

    @Override
    public void add(RoutesConfig routes) {
        routes.post("/v1/requests", named("requests", this::request));
        routes.post("/v1/conversations/{conversation}/messages", named("send", context -> send(context, Feed.MSG)));
        routes.post(
                "/v1/conversations/{conversation}/receipt", named("receipt", context -> send(context, Feed.RECEIPT)));
        routes.post("/v1/conversations/{conversation}/typing", named("typing", context -> send(context, Feed.TYPING)));
    }

    private void request(Context context) {
        UserId user = askers.user(context);
        DeviceId as = Askers.device(context, user);
        Chat chat = chats.require();
        byte[] body = body(context);
        pay(chat.limits().request(user, body.length));
        Request request = read(context, body);
        context.future(() -> {
            CompletableFuture<Answered> answer = chat.visitors().ask(as, request, Answers.format(context), LIST_BYTES);
            AsyncContext written = context.req().getAsyncContext();
            return inTime(answer)
                    .thenAcceptAsync(
                            answered -> {
                                written.addListener(new WhenWritten(answered.written()));
                                answer(context, answered.reply());
                            },
                            answering);
        });
    }

    private static void answer(Context context, Reply reply) {
        if (reply.hasError()) {
            Answers.refuse(context, Refusal.of(reply.getError()), reply);
        } else {
            Answers.answer(context, reply);
        }
    }

    private static Request read(Context context, byte[] body) {
        Request.Builder request = Request.newBuilder();
        try {
            Answers.bodyFormat(context).decode(body, request);
        } catch (MalformedPayload e) {
            throw Refusal.bad(String.valueOf(e.getMessage()));
        }
        if (!TextLimit.REQUEST_ID.allows(request.getRequestId())) {
            throw Refusal.bad(TextLimit.REQUEST_ID.exceeded());
        }
        return request.build();
    }

    private void send(Context context, Feed feed) {
        UserId user = askers.user(context);
        DeviceId as = Askers.device(context, user);
        String topic = topic(context.pathParam("conversation"), feed, user);
        Chat chat = chats.require();
        byte[] body = body(context);
        long wait = chat.limits().message(user, body.length);
        if (wait == Throttle.NEVER) {
            throw Refusal.tooLarge("the message is larger than a user may send in ten seconds");
        }
        pay(wait);
        context.future(() -> {
            CompletableFuture<Sent> sent = chat.visitors().send(as, topic, body, Answers.bodyFormat(context));
            return inTime(sent).thenAcceptAsync(done -> answer(context, feed, done), answering);
        });
    }

    private static void answer(Context context, Feed feed, Sent sent) {
        if (feed != Feed.MSG) {
            context.status(204).header("Cache-Control", "no-store");
            return;
        }
        context.status(sent.known() ? 200 : 201).header("Cache-Control", "no-store");
        // Neither has a character that JSON would escape.
        context.contentType("application/json")
                .result("{\"id\":\"" + sent.id() + "\",\"conversation\":\"" + sent.conversation() + "\"}");
    }

    private static String topic(String conversation, Feed feed, UserId user) {
        String topic = "chat/" + conversation + "/" + feed.level();
        if (!(PublishTopic.parse(topic, user) instanceof PublishTopic.Chat)) {
            throw Refusal.notFound();
        }
        return topic;
    }

    private <T> CompletableFuture<T> inTime(CompletableFuture<T> outcome) {
        return outcome.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void pay(long waitMillis) {
        if (waitMillis != Throttle.NOW) {
            throw Refusal.tooMany(waitMillis / 1000 + 1);
        }
    }

    private static byte[] body(Context context) {
        byte[] body = context.bodyAsBytes();
        if (body.length > MAX_BODY_BYTES) {
            throw Refusal.tooLarge("the body has more than 256 KiB");
        }
        return body;
    }
}
