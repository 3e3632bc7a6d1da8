package io.parley.client;

import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.Feed;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.ListConversations;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.ReadReceipt;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.Typing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One device of one user, for an application. It has a session, so that everything that it missed comes after a reconnect; it connects again by itself, at another node if there are several.
 *
 * <pre>{@code
 * ParleyClient client = ParleyClient.builder(DeviceId.parse("alice/phone"), tokens)
 *         .server(URI.create("ssl://chat.example.org:8883"))
 *         .store(OutboxStore.folder(Path.of("outbox")))
 *         .build((conversation, event) -> database.store(conversation, event));
 * client.connect();
 * SentMessage sent = client.conversation("@bob").send("hi");
 * sent.sequenced().thenAccept(seq -> ...);
 * }</pre>
 */
public final class ParleyClient implements AutoCloseable {
    private static final int NOT_AUTHORIZED = 0x87;
    private static final long AGAIN_MILLIS = 1_000;

    private final ClientSettings settings;
    private final ChatHandler handler;
    private final ClientThread thread;
    private final Link link;
    private final Requests requests;
    private final Sending sending;
    private final Receiving receiving;
    private final ReadPointers reads;
    private final Set<ConversationId> followed = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private boolean subscribed;
    /** Counts connections and their ends. */
    private final AtomicInteger connection = new AtomicInteger();

    private volatile boolean online;

    ParleyClient(ClientSettings settings, ChatHandler handler) {
        this.settings = settings;
        this.handler = handler;
        this.thread = new ClientThread("parley-" + settings.id());
        this.link = new Link(settings, new Told());
        this.requests = new Requests(request -> link.publish(Wire.requests(user()), request), settings.patience());
        this.sending = new Sending(
                settings,
                thread,
                handler,
                (to, publication) -> link.publish("chat/" + to + "/msg", Wire.encode(publication)));
        this.receiving = new Receiving(
                handler, thread, new Deliveries(handler, thread, thread::after, this::stored), this::replied);
        this.reads = new ReadPointers((conversation, seq) -> link.publish(
                Wire.topic(conversation, Feed.RECEIPT),
                Wire.encode(ReadReceipt.newBuilder().setRead(seq).build())));
    }

    /**
     * Describes a client of that device. It needs a {@code server}.
     *
     * @param device {@code user/device}; two clients of the same device cut each other off
     */
    public static ClientBuilder builder(DeviceId device, TokenSource tokens) {
        return new ClientBuilder(device, tokens);
    }

    /**
     * Connects, and stays connected until {@link #close}. Done when the client is connected for the first time; fails when the platform refuses the device or its token for good. What is said before
     * that is sent then.
     *
     * @throws IOException if the store cannot be read
     */
    public CompletableFuture<Void> connect() throws IOException {
        sending.load();
        thread.every(AGAIN_MILLIS, sending.outbox()::send);
        var unused = link.connect().whenComplete((connected, failure) -> {
            if (failure != null) {
                opened.completeExceptionally(failure);
            }
        });
        return opened;
    }

    public DeviceId id() {
        return settings.id();
    }

    private UserId user() {
        return settings.id().user();
    }

    /** Whether what is said now is sent now. */
    public boolean isOnline() {
        return online;
    }

    /** How much was said and is not acknowledged. */
    public int unsent() {
        return sending.outbox().size();
    }

    /**
     * A conversation to talk in: by its id, or {@code @bob} for the one with bob.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public Conversation conversation(String idOrUser) {
        return conversation(
                idOrUser.startsWith("@")
                        ? ConversationId.direct(user(), UserId.parse(idOrUser.substring(1)))
                        : ConversationId.parse(idOrUser));
    }

    public Conversation conversation(ConversationId id) {
        return new Conversation(this, id);
    }

    /** Asks for anything, and is done with the reply; fails with a {@link ParleyException} if that is an error, or if there is no connection or no answer in time. */
    public CompletableFuture<Reply> ask(Request.Builder request) {
        return online
                ? requests.ask(request)
                : CompletableFuture.failedFuture(
                        new ParleyException("there is no connection: ask again when there is one"));
    }

    /** Makes a group of the user and the others. */
    public CompletableFuture<Conversation> createGroup(String name, List<UserId> others) {
        CreateGroup.Builder group = CreateGroup.newBuilder().setName(name);
        others.forEach(other -> group.addMembers(other.value()));
        return ask(Request.newBuilder().setCreateGroup(group))
                .thenApply(reply -> conversation(reply.getConversation()));
    }

    /** All conversations of the user, page by page, in the order of their ids. */
    public CompletableFuture<List<ConversationSummary>> listConversations() {
        return list("", new ArrayList<>());
    }

    private CompletableFuture<List<ConversationSummary>> list(String after, List<ConversationSummary> before) {
        ListConversations.Builder page = ListConversations.newBuilder().setAfter(after);
        return ask(Request.newBuilder().setListConversations(page)).thenCompose(reply -> {
            before.addAll(reply.getConversationsList());
            return reply.getNext().isEmpty()
                    ? CompletableFuture.completedFuture(before)
                    : list(reply.getNext(), before);
        });
    }

    SentMessage send(ConversationId to, Publication.Builder publication) {
        return sending.send(to, publication);
    }

    void read(ConversationId conversation, int seq) {
        reads.read(conversation, seq, online);
    }

    void typing(ConversationId conversation, boolean typing) {
        link.tell(
                Wire.topic(conversation, Feed.TYPING),
                Wire.encode(Typing.newBuilder().setTyping(typing).build()));
    }

    CompletableFuture<Void> follow(ConversationId conversation) {
        followed.add(conversation);
        return link.subscribe(List.of(Wire.all(conversation))).whenComplete((granted, failure) -> {
            if (failure instanceof ParleyException refused && refused.code() == NOT_AUTHORIZED) {
                followed.remove(conversation);
            }
        });
    }

    CompletableFuture<Void> unfollow(ConversationId conversation) {
        followed.remove(conversation);
        return link.unsubscribe(Wire.all(conversation));
    }

    /** Says goodbye, and waits for a moment until that is done. The session stays: the next client of this device goes on with it. */
    @Override
    public void close() {
        online = false;
        sending.outbox().lost();
        try {
            link.close()
                    .orTimeout(settings.patience().toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(failure -> null)
                    .join();
        } finally {
            thread.close();
        }
    }

    /** On the client's thread. */
    private void connected(int number, boolean resumed) {
        if (number != connection.get()) {
            return;
        }
        if (resumed && subscribed) {
            ready(resumed);
            return;
        }
        // A session may be there without its filters: its connection ended before they were granted.
        var unused = link.subscribe(List.of("chat/+/#", Wire.replies(user())))
                .whenCompleteAsync(
                        (granted, failure) -> {
                            if (number != connection.get()) {
                                return;
                            }
                            if (failure == null) {
                                subscribed = true;
                                ready(resumed);
                            } else {
                                thread.after(AGAIN_MILLIS).execute(() -> connected(number, resumed));
                            }
                        },
                        thread);
    }

    private void ready(boolean resumed) {
        online = true;
        sending.outbox().resumed();
        reads.connected();
        for (ConversationId conversation : followed) {
            var unused = follow(conversation);
        }
        opened.complete(null);
        handler.connected(resumed);
    }

    private void stored(ConversationId conversation, ChatEvent event) {
        if (event.getFrom().equals(user().value())) {
            sending.cameBack(conversation, event);
        }
    }

    private void replied(Reply reply) {
        if (reply.getRequestId().isEmpty() || !requests.answered(reply)) {
            sending.refusedLater(reply.getError());
            handler.news(reply);
        }
    }

    /** What the link tells, handed to the client's thread. */
    private final class Told implements Link.Listener {
        @Override
        public void connected(boolean resumed) {
            int number = connection.incrementAndGet();
            thread.execute(() -> ParleyClient.this.connected(number, resumed));
        }

        @Override
        public void disconnected(Disconnection disconnection) {
            connection.incrementAndGet();
            online = false;
            sending.outbox().lost();
            requests.lost();
            if (disconnection.isFinal()) {
                opened.completeExceptionally(new ParleyException(disconnection.reason()));
            }
            thread.execute(() -> handler.disconnected(disconnection));
        }

        @Override
        public void received(Mqtt5Publish publish) {
            receiving.received(publish);
        }
    }
}
