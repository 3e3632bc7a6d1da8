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
import io.parley.demo.DemoTarget;
import io.parley.demo.HistoryClient;
import io.parley.demo.MadeChanges;
import io.parley.demo.MembershipTimes;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Request;
import io.parley.standalone.EnduringDevice.Received;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A group in which two write, edit, delete and react, while the owner adds and removes a third each second: what is sequenced while the
 * third is no member must not come to them, and everything else must.
 */
final class ChurningGroup implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long WRITE_MILLIS = 100;
    private static final long TURN_MILLIS = 1_000;
    private static final int KINDS = 8;

    private final Platform platform;
    private final ConversationId group;
    private final Recorder recorder;
    private final MadeChanges changes = new MadeChanges();
    private final Set<Integer> seen = ConcurrentHashMap.newKeySet();
    private final UserId guestName;
    private final EnduringDevice owner;
    private final EnduringDevice writer;
    private final EnduringDevice guest;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    /** The seq with which the guest was added; 0 while they are no member, as far as the owner knows. */
    private volatile int guestSince;

    private volatile int guestHas;
    private int written;

    private ChurningGroup(Platform platform, String name) throws Exception {
        this.platform = platform;
        UserId ownerName = UserId.parse(name + "-owner");
        UserId writerName = UserId.parse(name + "-writer");
        guestName = UserId.parse(name + "-guest");
        try (HiveDevice founder = HiveDevice.connect(platform, ownerName + "/founder")) {
            group = founder.createGroup(name, writerName);
        }
        recorder = new Recorder(group.value());
        owner = EnduringDevice.connect(platform, ownerName, this::atOwner);
        writer = EnduringDevice.connect(platform, writerName, this::atWriter);
        guest = EnduringDevice.connect(platform, guestName, event -> guestHas = event.getSeq());
    }

    /** @param name what its users' names begin with */
    static ChurningGroup start(Platform platform, String name) throws Exception {
        ChurningGroup churning = new ChurningGroup(platform, name);
        churning.every(WRITE_MILLIS, churning::write);
        churning.every(TURN_MILLIS, churning::turn);
        return churning;
    }

    private void every(long millis, Runnable task) {
        var unused = clock.scheduleAtFixedRate(task, 0, millis, TimeUnit.MILLISECONDS);
    }

    private void write() {
        String id = "m" + written;
        EnduringDevice by = written++ % 2 == 0 ? owner : writer;
        publish(by, Publication.newBuilder().setId(id).setText(id).build());
    }

    private void publish(EnduringDevice by, Publication publication) {
        long body = publication.hasText() ? Fingerprint.of(publication.getText()) : 0;
        recorder.sending(publication.getId(), by.user().value(), body);
        by.publish(group, publication, () -> recorder.acknowledged(publication.getId()));
    }

    /** Asked again until it is seen to be so. The guest stays until their device is there: before, it is owed nothing. */
    private void turn() {
        Request.Builder request = Request.newBuilder().setRequestId("turn");
        if (guestSince == 0) {
            owner.ask(request.setAddMembers(AddMembers.newBuilder()
                            .setConversation(group.value())
                            .addUsers(guestName.value()))
                    .build());
        } else if (guestHas >= guestSince) {
            owner.ask(request.setRemoveMembers(RemoveMembers.newBuilder()
                            .setConversation(group.value())
                            .addUsers(guestName.value()))
                    .build());
        }
    }

    private void atOwner(ChatEvent event) {
        if (event.hasMembersAdded()) {
            guestSince = event.getSeq();
        } else if (event.hasMembersRemoved()) {
            guestSince = 0;
        }
    }

    /** Every other message is the writer's own. */
    private void atWriter(ChatEvent event) {
        if (!event.getId().startsWith("m") || !seen.add(event.getSeq())) {
            return;
        }
        switch (Integer.parseInt(event.getId().substring(1)) % KINDS) {
            case 1 -> publish(writer, changes.edit(event));
            case 3 -> publish(writer, changes.delete(event));
            case 4, 5 -> publish(writer, changes.react(event));
            default -> {}
        }
    }

    /** Ends it, the guest being a member at last, and fails unless everybody got what they were owed and history shows it. */
    void assertClean() throws Exception {
        clock.shutdown();
        assertThat(clock.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        await().atMost(LIMIT).until(() -> owner.isAnswered() && seen.size() == written && writer.isAnswered());
        // With it the owner has seen what became of everything before.
        say("settled", List.of(owner));
        if (guestSince == 0) {
            turn();
        }
        await().atMost(LIMIT).until(() -> guestSince > 0 && guestHas >= guestSince);
        int head = say("last", List.of(owner, writer, guest));
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> history().after(group, head - 1).getHead() == head);
        List<ChatEvent> history = history().all(group);
        assertThat(changes.made()).as("changes").isGreaterThan(KINDS);
        assertThat(audit(history)).isEqualTo("no anomalies");
    }

    /** How many publishes were answered by a PUBACK with a failure code; they were sent again. */
    int refused() {
        return owner.refused() + writer.refused() + guest.refused();
    }

    private String audit(List<ChatEvent> history) {
        for (EnduringDevice device : List.of(owner, writer, guest)) {
            String user = device.user().value();
            device.received().forEach(one -> {
                recorder.delivered(new Delivered(user, user, one.connection(), changes.entry(one.event())));
                recorder.acknowledgement(
                        new Acknowledgement(user, one.connection(), one.event().getSeq(), one.atNanos()));
            });
            device.cuts().forEach(recorder::cut);
            recorder.watch(new Watch(user, user, 0));
            if (device != guest) {
                recorder.member(new Membership(user, 1, Integer.MAX_VALUE));
            }
        }
        List<Membership> times = new MembershipTimes(
                        guestName.value(),
                        guest.received().stream()
                                .map(one -> new MembershipTimes.Came(
                                        one.connection(), one.event().getSeq()))
                                .toList())
                .of(history);
        assertThat(times).as("times of membership").hasSizeGreaterThan(3);
        times.forEach(recorder::member);
        System.out.printf(
                "the guest came %d times, and got %d of %d events%n",
                times.size(), guest.received().size(), history.size());
        return Auditor.audit(
                        recorder.finish(history.stream().map(changes::entry).toList()))
                .plus(changes.differences(group.value(), history))
                .describe();
    }

    /** The owner says something, and these get it. Returns its seq. */
    private int say(String text, List<EnduringDevice> devices) {
        publish(owner, Publication.newBuilder().setId(text).setText(text).build());
        await().atMost(LIMIT)
                .until(() ->
                        devices.stream().allMatch(device -> seqOf(text, device).isPresent()));
        return seqOf(text, owner).orElseThrow();
    }

    private static OptionalInt seqOf(String id, EnduringDevice device) {
        return device.received().stream()
                .map(Received::event)
                .filter(event -> event.getId().equals(id))
                .mapToInt(ChatEvent::getSeq)
                .findFirst();
    }

    private HistoryClient history() {
        String host = "//" + Addresses.HOST + ":";
        DemoTarget target = new DemoTarget(
                URI.create("tcp:" + host + platform.addresses().mqtt()),
                URI.create("http:" + host + platform.addresses().http()),
                whom -> platform.token(whom, Duration.ofMinutes(10)));
        return new HistoryClient(target, owner.user());
    }

    @Override
    public void close() {
        clock.shutdownNow();
        List.of(owner, writer, guest).forEach(EnduringDevice::close);
    }
}
