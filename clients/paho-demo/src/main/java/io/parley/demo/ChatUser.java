package io.parley.demo;

import io.parley.client.ParleyClient;
import io.parley.client.ParleyException;
import io.parley.protocol.DeviceId;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The user at the terminal, who waits for answers. Not for the client's own thread, which brings them. */
final class ChatUser {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ParleyClient client;

    ChatUser(ParleyClient client) {
        this.client = client;
    }

    DeviceId id() {
        return client.id();
    }

    /** Sends a request and waits for its answer; throws when that is an error. */
    Reply ask(Request.Builder request) throws DeviceException {
        return await(client.ask(request), "the answer to " + request.getRequestCase());
    }

    /** Waits until everything of one conversation comes, also if it is new; throws when that is refused. */
    void follow(ChatRoom room) throws DeviceException {
        if (!client.isOnline()) {
            throw new DeviceException("offline: try again when there is a connection");
        }
        await(client.conversation(room.id()).follow(), "what is told of " + room.title());
    }

    /** Sends it now, or as soon as there is a connection. */
    void say(ChatRoom room, Publication.Builder publication) {
        var unused = client.conversation(room.id()).send(publication);
    }

    static <T> T await(CompletableFuture<T> answer, String what) throws DeviceException {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new DeviceException(what + " did not come within " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            int code = cause instanceof ParleyException refused ? refused.code() : 0;
            throw new DeviceException(String.valueOf(cause.getMessage()), code);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeviceException("interrupted", e);
        }
    }
}
