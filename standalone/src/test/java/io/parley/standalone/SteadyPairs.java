package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.audit.Acknowledgement;
import io.parley.audit.Auditor;
import io.parley.audit.Delivered;
import io.parley.audit.Fingerprint;
import io.parley.audit.Membership;
import io.parley.audit.Recorder;
import io.parley.audit.Watch;
import io.parley.demo.MadeChanges;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Pairs of users who write to each other at a steady rate, the first of each pair at one node and the second at another. Tells how long messages took
 * from PUBLISH to the other's device, and audits every conversation at the end.
 */
final class SteadyPairs implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<Pair> pairs = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private int written;

    private SteadyPairs() {}

    /** Connects all of them. So each is known before the other writes, in a platform that refuses unknown users. */
    static SteadyPairs connect(Platform platform, SecondNode second, int count) throws Exception {
        SteadyPairs all = new SteadyPairs();
        for (int i = 0; i < count; i++) {
            all.pairs.add(new Pair(
                    Login.of(platform, UserId.parse("honest-" + i + "-a"), "phone"),
                    second.at(Login.of(platform, UserId.parse("honest-" + i + "-b"), "phone"))));
        }
        return all;
    }

    /** @param perSecond messages of all pairs together */
    void start(int perSecond) {
        var unused = clock.scheduleAtFixedRate(this::write, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    }

    private void write() {
        int round = written / pairs.size();
        pairs.get(written % pairs.size()).write("m" + written, round % 2 == 0);
        written++;
    }

    /** How long the messages took that were written within that time of {@link System#nanoTime}. Waits until all of them have come. */
    Delays delays(long fromNanos, long untilNanos) {
        return new Delays(pairs.stream()
                .flatMap(pair -> pair.delays(fromNanos, untilNanos).stream())
                .toList());
    }

    /** Waits until each user has got a message that was written after this moment. */
    void awaitAllGoOn(Duration limit) {
        long nowNanos = System.nanoTime();
        await("new messages to all users")
                .atMost(limit)
                .until(() -> pairs.stream().allMatch(pair -> pair.bothGotOneSince(nowNanos)));
    }

    /** Ends it. Fails unless each device got every message once and in order, and history shows the same. */
    void assertClean(ConversationChecks checks) throws Exception {
        clock.shutdown();
        assertThat(clock.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        for (Pair pair : pairs) {
            assertThat(pair.audit(checks)).as("audit of %s", pair.conversation).isEqualTo("no anomalies");
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        pairs.forEach(Pair::close);
    }

    /** A message, and how long it took to the other's device. */
    private static final class Message {
        private static final long NOT_YET = -1;

        private final UserId by;
        private final long writtenNanos = System.nanoTime();
        private volatile long tookNanos = NOT_YET;

        Message(UserId by) {
            this.by = by;
        }

        void comesTo(UserId user) {
            if (!user.equals(by) && !hasCome()) {
                tookNanos = System.nanoTime() - writtenNanos;
            }
        }

        boolean hasCome() {
            return tookNanos != NOT_YET;
        }

        boolean isWithin(long fromNanos, long untilNanos) {
            return writtenNanos - fromNanos >= 0 && writtenNanos - untilNanos < 0;
        }
    }

    private static final class Pair {
        private final EnduringDevice first;
        private final EnduringDevice second;
        private final ConversationId conversation;
        private final Recorder recorder;
        private final Map<String, Message> messages = new ConcurrentHashMap<>();

        Pair(Login first, Login second) throws Exception {
            UserId one = UserId.parse(first.userName());
            UserId other = UserId.parse(second.userName());
            this.first = EnduringDevice.connect(first, event -> received(one, event));
            this.second = EnduringDevice.connect(second, event -> received(other, event));
            this.conversation = ConversationId.direct(one, other);
            this.recorder = new Recorder(conversation.value());
        }

        private void received(UserId user, ChatEvent event) {
            Message message = messages.get(event.getId());
            if (message != null) {
                message.comesTo(user);
            }
        }

        void write(String id, boolean byFirst) {
            EnduringDevice by = byFirst ? first : second;
            recorder.sending(id, by.user().value(), Fingerprint.of(id));
            messages.put(id, new Message(by.user()));
            by.publish(
                    conversation,
                    Publication.newBuilder().setId(id).setText(id).build(),
                    () -> recorder.acknowledged(id));
        }

        List<Long> delays(long fromNanos, long untilNanos) {
            List<Message> within = messages.values().stream()
                    .filter(message -> message.isWithin(fromNanos, untilNanos))
                    .toList();
            await("messages of " + conversation)
                    .atMost(LIMIT)
                    .until(() -> within.stream().allMatch(Message::hasCome));
            return within.stream().map(message -> message.tookNanos).toList();
        }

        boolean bothGotOneSince(long nanos) {
            return List.of(first, second).stream()
                    .allMatch(writer -> messages.values().stream()
                            .anyMatch(message -> message.by.equals(writer.user())
                                    && message.writtenNanos - nanos > 0
                                    && message.hasCome()));
        }

        String audit(ConversationChecks checks) throws Exception {
            await("acknowledgements in " + conversation)
                    .atMost(LIMIT)
                    .until(() -> first.isAnswered()
                            && second.isAnswered()
                            && messages.values().stream().allMatch(Message::hasCome));
            int head = messages.size();
            // With the last one, each has everything: the writer its own messages, too.
            await("the last message of " + conversation)
                    .atMost(LIMIT)
                    .until(() -> hasUpTo(first, head) && hasUpTo(second, head));
            checks.awaitHead(first.user(), conversation, head);
            List<ChatEvent> history = checks.history(first.user()).all(conversation);
            MadeChanges none = new MadeChanges();
            for (EnduringDevice device : List.of(first, second)) {
                String user = device.user().value();
                device.received().forEach(one -> {
                    recorder.delivered(new Delivered(user, user, one.connection(), none.entry(one.event())));
                    recorder.acknowledgement(new Acknowledgement(
                            user, one.connection(), one.event().getSeq(), one.atNanos()));
                });
                device.cuts().forEach(recorder::cut);
                recorder.watch(new Watch(user, user, 0));
                recorder.member(new Membership(user, 1, Integer.MAX_VALUE));
            }
            return Auditor.audit(
                            recorder.finish(history.stream().map(none::entry).toList()))
                    .describe();
        }

        private static boolean hasUpTo(EnduringDevice device, int seq) {
            return device.received().stream().anyMatch(one -> one.event().getSeq() == seq);
        }

        void close() {
            first.close();
            second.close();
        }
    }
}
