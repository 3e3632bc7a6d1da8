package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.client.ChatHandler;
import io.parley.client.ClientBuilder;
import io.parley.client.Conversation;
import io.parley.client.Disconnection;
import io.parley.client.OutboxStore;
import io.parley.client.ParleyClient;
import io.parley.client.ParleyException;
import io.parley.client.SentMessage;
import io.parley.client.TokenSource;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Receipts;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code clients/java} on a real platform. */
@WithPlatform
class ClientLibraryIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(10);

    private final Platform platform;

    ClientLibraryIT(Platform platform) {
        this.platform = platform;
    }

    /** An application that stores texts, and says what it was told. */
    private static class Application implements ChatHandler {
        final List<String> texts = new CopyOnWriteArrayList<>();
        final List<Disconnection> disconnections = new CopyOnWriteArrayList<>();
        final List<Receipts> receipts = new CopyOnWriteArrayList<>();
        final List<Boolean> connections = new CopyOnWriteArrayList<>();

        @Override
        public CompletableFuture<Void> event(ConversationId conversation, ChatEvent event) {
            texts.add(event.getText());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void receipts(ConversationId conversation, Receipts told) {
            receipts.add(told);
        }

        @Override
        public void connected(boolean resumed) {
            connections.add(resumed);
        }

        @Override
        public void disconnected(Disconnection disconnection) {
            disconnections.add(disconnection);
        }
    }

    private ClientBuilder described(String device, int port) {
        DeviceId id = DeviceId.parse(device);
        return ParleyClient.builder(id, TokenSource.of(() -> platform.token(id.user(), TOKEN_LIFETIME)))
                .server(URI.create("tcp://" + Addresses.HOST + ":" + port))
                .longestPause(Duration.ofSeconds(2));
    }

    private ParleyClient connected(String device, ChatHandler application) throws Exception {
        ParleyClient client = described(device, platform.addresses().mqtt()).build(application);
        done(client.connect());
        return client;
    }

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void what_is_said_without_a_network_is_sent_once_and_what_was_missed_comes() throws Exception {
        Application ann = new Application();
        Application ben = new Application();
        try (CuttableLink link = CuttableLink.to(platform.addresses().mqtt());
                ParleyClient annsClient =
                        described("lib-ann/phone", link.port()).build(ann);
                ParleyClient bensClient = connected("lib-ben/phone", ben)) {
            done(annsClient.connect());
            SentMessage first = annsClient.conversation("@lib-ben").send("one");
            done(first.accepted());
            assertThat(done(first.sequenced())).isEqualTo(1);

            link.cut();
            await().atMost(LIMIT).until(() -> !annsClient.isOnline());
            SentMessage second = annsClient.conversation("@lib-ben").send("two");
            assertThat(done(bensClient.conversation("@lib-ann").send("from ben").sequenced()))
                    .isEqualTo(2);
            link.mend();

            assertThat(done(second.sequenced())).isEqualTo(3);
            await().atMost(LIMIT).until(() -> ben.texts.size() == 3 && ann.texts.size() == 3);
            assertThat(ann.texts).containsExactly("one", "from ben", "two");
            assertThat(ben.texts).containsExactly("one", "from ben", "two");
            assertThat(ann.connections).containsExactly(false, true);
            // The event may come before the PUBACK.
            await().atMost(LIMIT).until(() -> annsClient.unsent() == 0);

            bensClient.conversation("@lib-ann").read(3);
            await().atMost(LIMIT)
                    .until(() -> ann.receipts.stream()
                            .flatMap(told -> told.getReceiptsList().stream())
                            .anyMatch(receipt -> receipt.getUser().equals("lib-ben") && receipt.getRead() == 3));
        }
    }

    @Test
    void what_could_not_be_stored_is_not_acknowledged() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        Application full = new Application() {
            @Override
            public CompletableFuture<Void> event(ConversationId conversation, ChatEvent event) {
                tries.incrementAndGet();
                return CompletableFuture.failedFuture(new IllegalStateException("the disk is full"));
            }
        };
        try (ParleyClient cat = connected("lib-cat/phone", new Application())) {
            try (ParleyClient dan = connected("lib-dan/phone", full)) {
                done(cat.conversation("@lib-dan").send("keep me").sequenced());
                await().atMost(LIMIT).until(() -> tries.get() >= 2);
                assertThat(dan.isOnline()).isTrue();
            }
            // The next program goes on with the session, and has room.
            Application empty = new Application();
            try (ParleyClient dan = connected("lib-dan/phone", empty)) {
                await().atMost(LIMIT).until(() -> dan.isOnline() && empty.texts.contains("keep me"));
                assertThat(empty.connections).containsExactly(true);
            }
            // And the one after it finds nothing: what comes first is what was said after.
            Application third = new Application();
            try (ParleyClient dan = connected("lib-dan/phone", third)) {
                assertThat(dan.isOnline()).isTrue();
                done(cat.conversation("@lib-dan").send("and me").sequenced());
                await().atMost(LIMIT).until(() -> !third.texts.isEmpty());
                assertThat(third.texts).containsExactly("and me");
            }
        }
    }

    @Test
    void what_a_program_left_in_its_folder_is_sent_by_the_next(@TempDir Path folder) throws Exception {
        Application friend = new Application();
        try (ParleyClient eve = connected("lib-eve/phone", friend)) {
            assertThat(eve.isOnline()).isTrue();
            try (ParleyClient fay = described("lib-fay/phone", 1)
                    .store(OutboxStore.folder(folder))
                    .build(new Application())) {
                var never = fay.connect();
                fay.conversation("@lib-eve").send("from before");
                await().atMost(LIMIT).until(() -> fay.unsent() == 1);
                assertThat(never).isNotDone();
            }
            try (ParleyClient fay = described(
                            "lib-fay/phone", platform.addresses().mqtt())
                    .store(OutboxStore.folder(folder))
                    .build(new Application())) {
                done(fay.connect());
                await().atMost(LIMIT).until(() -> friend.texts.contains("from before"));
                await().atMost(LIMIT).until(() -> fay.unsent() == 0);
            }
            await().atMost(LIMIT).until(() -> OutboxStore.folder(folder).load().isEmpty());
        }
    }

    @Test
    void groups_listings_history_and_refusals() throws Exception {
        Application told = new Application();
        try (ParleyClient hal = connected("lib-hal/phone", new Application());
                ParleyClient gus = connected("lib-gus/phone", told)) {
            Conversation group = done(gus.createGroup("team", List.of(UserId.parse("lib-hal"))));
            int seq = done(group.send("welcome").sequenced());
            assertThat(done(gus.listConversations()))
                    .extracting(ConversationSummary::getId)
                    .containsExactly(group.id().value());
            await().atMost(LIMIT)
                    .until(() -> done(hal.conversation(group.id()).before(seq + 1, 10)).getMessagesList().stream()
                            .anyMatch(event -> event.getText().equals("welcome")));

            Conversation foreign = gus.conversation("gabcdefghijklmnop");
            assertThat(failure(foreign.send("let me in").accepted()).code()).isEqualTo(0x87);
            assertThat(failure(foreign.before(0, 10)).error()).isEqualTo("NOT_A_MEMBER");
            assertThat(gus.unsent()).isZero();
        }
    }

    @Test
    void a_token_that_is_refused_is_asked_for_anew_and_the_same_again_ends_the_client() throws Exception {
        DeviceId id = DeviceId.parse("lib-ida/phone");
        AtomicInteger asked = new AtomicInteger();
        TokenSource second = TokenSource.of(
                () -> asked.incrementAndGet() == 1 ? "no token" : platform.token(id.user(), TOKEN_LIFETIME));
        URI server = URI.create(
                "tcp://" + Addresses.HOST + ":" + platform.addresses().mqtt());
        try (ParleyClient client =
                ParleyClient.builder(id, second).server(server).build(new Application())) {
            done(client.connect());
            assertThat(asked).hasValue(2);
        }
        Application told = new Application();
        try (ParleyClient client = ParleyClient.builder(id, TokenSource.of(() -> "no token"))
                .server(server)
                .build(told)) {
            assertThat(client.connect()).failsWithin(LIMIT);
            await().atMost(LIMIT).until(() -> told.disconnections.stream().anyMatch(Disconnection::isFinal));
        }
    }

    @Test
    void whose_place_is_taken_stays_away() throws Exception {
        Application first = new Application();
        try (ParleyClient one = connected("lib-jim/phone", first);
                ParleyClient another = connected("lib-jim/phone", new Application())) {
            await().atMost(LIMIT)
                    .until(() ->
                            first.disconnections.stream().anyMatch(told -> told.kind() == Disconnection.Kind.REPLACED));
            assertThat(one.isOnline()).isFalse();
            assertThat(another.isOnline()).isTrue();
        }
    }

    private static ParleyException failure(CompletableFuture<?> future) throws Exception {
        try {
            throw new AssertionError("it was not refused, but " + future.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ParleyException refused) {
                return refused;
            }
            throw e;
        }
    }
}
