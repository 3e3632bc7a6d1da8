package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationList;
import io.parley.protocol.wire.HistoryPage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** The history service's HTTP API, as one user. A request that the service asks to be made again later is, for some seconds. */
public final class HistoryClient {
    /** The most messages, or conversations, that one page holds. */
    public static final int PAGE = 200;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http;
    private final DemoTarget target;
    private final UserId user;

    public HistoryClient(DemoTarget target, UserId user) {
        this(
                target,
                user,
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(PATIENCE)
                        .build());
    }

    private HistoryClient(DemoTarget target, UserId user, HttpClient http) {
        this.http = http;
        this.target = target;
        this.user = user;
    }

    /** The same for another user, with the connections of this one. */
    public HistoryClient as(UserId user) {
        return new HistoryClient(target, user, http);
    }

    /** All of the user's conversations, page by page. */
    public ConversationList conversations() throws DeviceException {
        ConversationList.Builder all = ConversationList.newBuilder().setUnreadTotal(0);
        String next = "";
        do {
            ConversationList.Builder page = ConversationList.newBuilder();
            read("/v1/conversations?limit=" + PAGE + (next.isEmpty() ? "" : "&after=" + next), page);
            all.addAllConversations(page.getConversationsList()).setUnreadTotal(page.getUnreadTotal());
            next = page.getNext();
        } while (!next.isEmpty());
        return all.build();
    }

    /** At most {@value #PAGE} messages with a higher seq than {@code after}. */
    public HistoryPage after(ConversationId conversation, int after) throws DeviceException {
        return page(conversation, "after=" + after + "&limit=" + PAGE);
    }

    /** The last {@code limit} messages below {@code before}. */
    public HistoryPage before(ConversationId conversation, int before, int limit) throws DeviceException {
        return page(conversation, "before=" + before + "&limit=" + limit);
    }

    /** The whole conversation, page by page, as far as history has it now. */
    public List<ChatEvent> all(ConversationId conversation) throws DeviceException {
        List<ChatEvent> events = new ArrayList<>();
        int after = 0;
        while (true) {
            HistoryPage page = after(conversation, after);
            // A page that is shorter than asked for is no end: a page is limited in bytes, too.
            if (page.getMessagesCount() == 0) {
                return events;
            }
            events.addAll(page.getMessagesList());
            after = page.getMessages(page.getMessagesCount() - 1).getSeq();
        }
    }

    private HistoryPage page(ConversationId conversation, String query) throws DeviceException {
        HistoryPage.Builder page = HistoryPage.newBuilder();
        read("/v1/conversations/" + conversation + "/messages?" + query, page);
        return page.build();
    }

    private void read(String path, com.google.protobuf.Message.Builder into) throws DeviceException {
        int services = target.httpNodes().size();
        for (int turn = 0; turn < services - 1; turn++) {
            try {
                read(target.turned(turn).http(), path, into);
                return;
            } catch (DeviceException e) {
                if (!(e.getCause() instanceof IOException)) {
                    throw e;
                }
                // This service is gone: the next one has the same history.
            }
        }
        read(target.turned(services - 1).http(), path, into);
    }

    private void read(URI service, String path, com.google.protobuf.Message.Builder into) throws DeviceException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve(path))
                .header("Authorization", "Bearer " + target.tokens().apply(user))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<byte[]> response = answer(request);
            if (response.statusCode() != 200) {
                throw new DeviceException(
                        "GET " + path + " answered " + response.statusCode() + " "
                                + new String(response.body(), java.nio.charset.StandardCharsets.UTF_8),
                        response.statusCode());
            }
            WireFormat.JSON.decode(response.body(), into);
        } catch (IOException | MalformedPayload e) {
            throw new DeviceException("GET " + request.uri() + " failed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeviceException("interrupted", e);
        }
    }

    private HttpResponse<byte[]> answer(HttpRequest request) throws IOException, InterruptedException {
        long sinceNanos = System.nanoTime();
        while (true) {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            OptionalLong seconds = response.headers().firstValueAsLong("Retry-After");
            boolean again = response.statusCode() == 503 || response.statusCode() == 429;
            if (!again || seconds.isEmpty() || System.nanoTime() - sinceNanos > PATIENCE.toNanos()) {
                return response;
            }
            TimeUnit.SECONDS.sleep(seconds.getAsLong());
        }
    }
}
