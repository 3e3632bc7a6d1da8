package io.parley.bench.mixed;

import io.parley.audit.Acknowledgement;
import io.parley.audit.Auditor;
import io.parley.audit.Cut;
import io.parley.audit.Delivered;
import io.parley.audit.Fingerprint;
import io.parley.audit.Membership;
import io.parley.audit.Pointers;
import io.parley.audit.PushWatch;
import io.parley.audit.Pushed;
import io.parley.audit.Recorder;
import io.parley.audit.Report;
import io.parley.audit.Watch;
import io.parley.demo.MadeChanges;
import io.parley.demo.MembershipTimes;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Receipt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** One conversation of the load: what was said and done in it, and what came where, for the audit. Thread-safe. */
final class Talk {
    /** What a device received; the entry is made when it is known what became of the message. */
    private record Got(DeviceId device, int connection, MadeChanges.Print print) {}

    private final ConversationId id;
    private final Recorder recorder;
    private final MadeChanges changes = new MadeChanges();
    private final List<Got> got = new ArrayList<>();
    private final Map<DeviceId, Integer> highest = new HashMap<>();
    private final Set<Integer> chosen = new HashSet<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong delivered = new AtomicLong();

    Talk(ConversationId id) {
        this.id = id;
        this.recorder = new Recorder(id.value());
    }

    ConversationId id() {
        return id;
    }

    String topic() {
        return "chat/" + id + "/msg";
    }

    String receiptTopic() {
        return "chat/" + id + "/receipt";
    }

    /** A user who is a member from the first entry to the last. */
    void stays(String user) {
        recorder.member(new Membership(user, 1, Integer.MAX_VALUE));
    }

    /** A device that must receive all that its user may see. */
    void watch(DeviceId device) {
        recorder.watch(new Watch(device.toString(), device.user().value(), 0));
    }

    void wantsReceipts(DeviceId device) {
        recorder.wantsReceipts(device.toString());
    }

    void pushWatch(String token, String user) {
        recorder.pushWatch(new PushWatch(token, user, 0));
    }

    void pushed(String token, int seq) {
        recorder.pushed(new Pushed(token, seq));
    }

    void pushesMayRepeat() {
        recorder.pushesMayRepeat();
    }

    void sending(DeviceId from, Publication publication) {
        long body = publication.hasText() ? Fingerprint.of(publication.getText()) : 0;
        recorder.sending(publication.getId(), from.user().value(), body);
    }

    void acknowledged(Publication publication) {
        recorder.acknowledged(publication.getId());
        acknowledged.incrementAndGet();
    }

    /** A device received an event and is about to acknowledge it. Returns whether the device had nothing as new. */
    boolean received(DeviceId device, int connection, ChatEvent event) {
        MadeChanges.Print print = MadeChanges.Print.of(event);
        recorder.receiving(device.user().value(), event.getSeq());
        synchronized (this) {
            got.add(new Got(device, connection, print));
            boolean isNew = highest.getOrDefault(device, 0) < event.getSeq();
            highest.merge(device, event.getSeq(), Math::max);
            if (isNew
                    && !event.getId().isEmpty()
                    && !event.getFrom().equals(device.user().value())) {
                delivered.incrementAndGet();
            }
            return isNew;
        }
    }

    /** The highest seq that the device received; 0 if none. */
    synchronized int highest(DeviceId device) {
        return highest.getOrDefault(device, 0);
    }

    void acknowledges(DeviceId device, int connection, int seq) {
        recorder.acknowledgement(new Acknowledgement(device.toString(), connection, seq, System.nanoTime()));
    }

    void cut(DeviceId device, int connection) {
        recorder.cut(new Cut(device.toString(), connection, System.nanoTime()));
    }

    void reading(DeviceId device, int seq) {
        recorder.reading(device.user().value(), seq);
    }

    void told(DeviceId device, Receipt receipt) {
        recorder.told(device.toString(), receipt.getUser(), new Pointers(receipt.getDelivered(), receipt.getRead()));
    }

    boolean isEverybodyInformed() {
        return recorder.isEverybodyInformed();
    }

    /** Whether this is the first that asks to change that message: a message is changed once at most. */
    synchronized boolean choose(int seq) {
        return chosen.add(seq);
    }

    MadeChanges changes() {
        return changes;
    }

    /** Texts and changes that the platform took. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** Different events of others that came to each device, summed up. */
    long delivered() {
        return delivered.get();
    }

    /** Compares everything with what history shows. */
    synchronized Report audit(List<ChatEvent> history, List<DeviceId> guests) {
        for (DeviceId guest : guests) {
            new MembershipTimes(guest.user().value(), came(guest)).of(history).forEach(recorder::member);
        }
        got.stream()
                .map(one -> new Delivered(
                        one.device().toString(),
                        one.device().user().value(),
                        one.connection(),
                        changes.entry(one.print())))
                .forEach(recorder::delivered);
        return Auditor.audit(
                        recorder.finish(history.stream().map(changes::entry).toList()))
                .plus(changes.differences(id.value(), history));
    }

    private List<MembershipTimes.Came> came(DeviceId device) {
        return got.stream()
                .filter(one -> one.device().equals(device))
                .map(one ->
                        new MembershipTimes.Came(one.connection(), one.print().seq()))
                .sorted(Comparator.comparingInt(MembershipTimes.Came::connection))
                .toList();
    }
}
