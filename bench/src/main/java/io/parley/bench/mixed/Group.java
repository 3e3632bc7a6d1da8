package io.parley.bench.mixed;

import io.parley.protocol.DeviceId;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Leave;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Request;
import java.util.random.RandomGenerator;

/** Lets a guest come and go in a group: the owner adds and removes them, or they leave. Thread-safe; {@link #turn} is for one thread. */
final class Group {
    private static final int ONE_IN_LEAVES = 3;

    private final Talk talk;
    private final Actor owner;
    private final Actor guest;
    /** The seq with which the guest was added; 0 while they are no member, as far as the owner knows. */
    private volatile int guestSince;

    private int turns;

    Group(Talk talk, Actor owner, Actor guest) {
        this.talk = talk;
        this.owner = owner;
        this.guest = guest;
    }

    Talk talk() {
        return talk;
    }

    DeviceId guest() {
        return guest.id();
    }

    /** The owner's device has heard of something. */
    void heard(Actor at, ChatEvent event) {
        if (!at.equals(owner)) {
            return;
        }
        String name = guest.id().user().value();
        if (event.getMembersAdded().getUsersList().contains(name)) {
            guestSince = event.getSeq();
        } else if (event.getMembersRemoved().getUsersList().contains(name)
                || event.getMemberLeft().getUser().equals(name)) {
            guestSince = 0;
        }
    }

    /** Asked again until it is seen to be so. The guest stays until their device is there: before, it is owed nothing. */
    void turn(RandomGenerator random) {
        if (guestSince == 0) {
            add();
        } else if (isGuestThere()) {
            if (random.nextInt(ONE_IN_LEAVES) == 0) {
                guest.ask(request()
                        .setLeave(Leave.newBuilder().setConversation(talk.id().value()))
                        .build());
            } else {
                owner.ask(request()
                        .setRemoveMembers(RemoveMembers.newBuilder()
                                .setConversation(talk.id().value())
                                .addUsers(guest.id().user().value()))
                        .build());
            }
        }
    }

    /** Asks for the guest, unless they are there. */
    void add() {
        if (guestSince == 0) {
            owner.ask(request()
                    .setAddMembers(AddMembers.newBuilder()
                            .setConversation(talk.id().value())
                            .addUsers(guest.id().user().value()))
                    .build());
        }
    }

    /** Whether the guest is a member and their device has heard of it. */
    boolean isGuestThere() {
        return guestSince > 0 && talk.highest(guest.id()) >= guestSince;
    }

    private Request.Builder request() {
        return Request.newBuilder().setRequestId("turn-" + turns++);
    }
}
