package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.DeviceSummary;
import io.parley.protocol.wire.ListConversations;
import io.parley.protocol.wire.ListDevices;
import io.parley.protocol.wire.RemoveDevice;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.SetPrivacy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The part of the tour about what people see of each other besides messages: ticks, typing, presence, unread counts, devices. */
final class DemoSignals {
    /** The platform gathers pointers for a second; the rest is for slow machines. */
    private static final Duration SOON = Duration.ofSeconds(10);
    /** Longer than the platform waits before it calls somebody offline. */
    private static final Duration GRACE = Duration.ofSeconds(40);

    private final DemoTarget target;
    private final Checklist list;
    private final Person alice;
    private final Person bob;

    DemoSignals(DemoTarget target, Checklist list, Person alice, Person bob) {
        this.target = target;
        this.list = list;
        this.alice = alice;
        this.bob = bob;
    }

    void play(ConversationId pair) throws DeviceException {
        receipts(pair);
        unread(pair);
        typing(pair);
        devices();
    }

    private void receipts(ConversationId pair) throws DeviceException {
        list.heading("Ticks: chat/alice~bob/receipt");
        ChatEvent said = alice.hear(pair, alice.say("@bob", "Can you read this?"));
        int seq = said.getSeq();
        list.said("alice", "bob", seq, said.getText());
        long startNanos = System.nanoTime();
        alice.sees(
                "bob's delivered receipt",
                SOON,
                told -> told.receipt(pair, bob.name()).getDelivered() >= seq);
        list.check(true, "✓✓ delivered: bob's PUBACK is the receipt, and alice has it after " + millis(startNanos));
        Person.get(bob.read(pair, seq), "the PUBACK of bob's receipt");
        alice.sees(
                "bob's read receipt",
                SOON,
                told -> told.receipt(pair, bob.name()).getRead() >= seq);
        list.check(true, "✓✓ read: bob has published {\"read\":" + seq + "}");
        Person.get(bob.read(pair, seq - 1), "the PUBACK of bob's receipt");
        int next = alice.hear(pair, alice.say("@bob", "And this?")).getSeq();
        alice.sees(
                "bob's next delivered receipt",
                SOON,
                told -> told.receipt(pair, bob.name()).getDelivered() >= next);
        alice.sees(
                "that bob's pointer stays",
                Duration.ZERO,
                told -> told.receipt(pair, bob.name()).getRead() == seq);
        list.check(true, "a pointer never moves back: {\"read\":" + (seq - 1) + "} after it changes nothing");
    }

    private void unread(ConversationId pair) throws DeviceException {
        list.heading("Unread");
        ChatEvent last = bob.hear(pair, alice.say("@bob", "Still there?"));
        list.check(hasUnread(pair, 2), "bob's list of conversations says 2 unread");
        Person.get(bob.read(pair, last.getSeq()), "the PUBACK of bob's receipt");
        list.check(hasUnread(pair, 0), "and none when he has read them");
    }

    private boolean hasUnread(ConversationId conversation, int unread) throws DeviceException {
        long deadlineNanos = System.nanoTime() + SOON.toNanos();
        int listed;
        do {
            listed = bob
                    .ask(Request.newBuilder().setListConversations(ListConversations.getDefaultInstance()))
                    .getConversationsList()
                    .stream()
                    .filter(summary -> summary.getId().equals(conversation.value()))
                    .mapToInt(ConversationSummary::getUnread)
                    .findFirst()
                    .orElse(-1);
        } while (listed != unread && System.nanoTime() < deadlineNanos);
        return listed == unread;
    }

    private void typing(ConversationId pair) throws DeviceException {
        list.heading("Typing: chat/alice~bob/typing");
        bob.type(pair, true);
        alice.sees("that bob types", SOON, told -> told.isTyping(pair, bob.name()));
        list.check(true, "alice sees that bob types");
        long startNanos = System.nanoTime();
        alice.sees("that bob types no more", SOON, told -> !told.isTyping(pair, bob.name()));
        list.check(true, "he says nothing more, and after " + millis(startNanos) + " he types no more");
    }

    private void devices() throws DeviceException {
        list.heading("Bob's devices");
        try (Person tablet = new Person(target, new DeviceId(bob.id().user(), "tour-tablet"), Device::v5)) {
            tablet.connect(false);
            list.check(
                    online(bob).containsAll(List.of(bob.id().name(), "tour-tablet")),
                    "bob's phone lists his devices: the tablet is online too");
            bob.ask(Request.newBuilder()
                    .setRemoveDevice(RemoveDevice.newBuilder().setDevice("tour-tablet")));
            tablet.isCut();
            list.check(!online(bob).contains("tour-tablet"), "he removes the tablet: it is disconnected and forgotten");
        }
    }

    private static List<String> online(Person person) throws DeviceException {
        return person
                .ask(Request.newBuilder().setListDevices(ListDevices.getDefaultInstance()))
                .getDevicesList()
                .stream()
                .filter(DeviceSummary::getOnline)
                .map(DeviceSummary::getDevice)
                .toList();
    }

    /** Makes sure that these people show themselves, whatever they chose before. */
    void show(List<Person> people) throws DeviceException {
        for (Person person : people) {
            person.ask(Request.newBuilder()
                    .setSetPrivacy(SetPrivacy.newBuilder().setReadReceipts(true).setPresence(true)));
        }
        list.check(true, "all three show what they have read and that they are there");
    }

    /** Whether somebody has no other device that keeps them online. */
    boolean hasOneDevice(Person somebody) throws DeviceException {
        return online(somebody).size() == 1;
    }

    /** Somebody is there, for alice. */
    void comes(ConversationId conversation, Person somebody) throws DeviceException {
        alice.sees(
                "that " + somebody.name() + " is online",
                SOON,
                told -> told.presence(conversation, somebody.name()).getOnline());
        list.check(true, "alice sees that " + somebody.name() + " is online");
    }

    /** Somebody has gone, for alice. */
    void goes(ConversationId conversation, Person somebody) throws DeviceException {
        long startNanos = System.nanoTime();
        alice.sees(
                "that " + somebody.name() + " is offline",
                GRACE,
                told -> told.presence(conversation, somebody.name()).hasLastSeen());
        list.check(
                true,
                "alice sees that " + somebody.name() + " is offline, and since when: after " + millis(startNanos)
                        + ", as a reconnect is to show nothing");
    }

    /** Everything has come to somebody, for alice. */
    void caughtUp(ConversationId conversation, Person somebody, int seq) throws DeviceException {
        alice.sees(
                "that " + somebody.name() + " has everything",
                SOON,
                told -> told.receipt(conversation, somebody.name()).getDelivered() >= seq);
        list.check(true, "alice sees that " + somebody.name() + " has everything up to #" + seq);
    }

    private static String millis(long startNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos) + " ms";
    }
}
