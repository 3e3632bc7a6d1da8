package io.parley.bench.mixed;

import io.parley.bench.measure.Clients;
import io.parley.bench.pushing.PushUser;
import io.parley.demo.DemoTarget;
import io.parley.demo.DeviceException;
import io.parley.demo.Groups;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Everybody of a load, and their conversations. */
final class Company {
    /** Every so many devices begin with HTTP. */
    private static final int ONE_IN_HTTP = 4;
    /** Every so many pairs are told receipts. */
    private static final int ONE_IN_RECEIPTS = 2;

    private static final int CONNECTING_AT_ONCE = 20;
    private static final String PHONE = "phone";

    /** Who says something in a talk, and every device that is owed all of it. */
    record Circle(Talk talk, List<Actor> speakers, List<Actor> everybody) {}

    private final DemoTarget target;
    private final Actor.Shared shared;
    private final String run;
    private final List<Circle> circles = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private final Map<Talk, Group> groupOf = new LinkedHashMap<>();
    private final Map<String, Talk> awayIn = new LinkedHashMap<>();
    private final List<Actor> actors = new ArrayList<>();
    private final List<Actor> movable = new ArrayList<>();
    private final List<StubbornDevice> stubborn = new ArrayList<>();

    /** @param run what all names begin with */
    Company(DemoTarget target, Actor.Shared shared, String run) {
        this.target = target;
        this.shared = shared;
        this.run = run;
    }

    void pair(int number) throws DeviceException {
        UserId one = user("p" + number + "a");
        UserId other = user("p" + number + "b");
        Talk talk = new Talk(ConversationId.direct(one, other));
        List<Actor> both = new ArrayList<>();
        boolean withReceipts = number % ONE_IN_RECEIPTS == 0;
        for (UserId user : List.of(one, other)) {
            talk.stays(user.value());
            both.add(actor(new DeviceId(user, PHONE), talk, withReceipts));
        }
        movable.addAll(both);
        circles.add(new Circle(talk, both, both));
    }

    /**
     * A group of an owner, writers, of whom one has a second device, and a guest who comes and goes.
     *
     * @param withAway whether somebody is a member who is away, with a push token
     */
    void group(int number, boolean withAway) throws DeviceException {
        List<UserId> users = new ArrayList<>();
        for (int i = 0; i < MixedLoad.GROUP_SIZE - 1; i++) {
            users.add(user("g" + number + "m" + i));
        }
        List<UserId> members = new ArrayList<>(users.subList(1, users.size()));
        UserId away = user("g" + number + "away");
        String token = String.format(
                Locale.ROOT, "%016x%048x", ThreadLocalRandom.current().nextLong(), number);
        if (withAway) {
            Clients.await(
                    List.of(new PushUser(target, new DeviceId(away, PHONE)).registerAndGo(token)),
                    "registering a token");
            members.add(away);
        }
        // The creation is owed to both devices of one user.
        UserId twice = users.get(1);
        DeviceId tablet = new DeviceId(twice, "tablet");
        Clients.await(
                Stream.of(new DeviceId(twice, PHONE), tablet)
                        .map(device -> Clients.beginSession(target, device))
                        .toList(),
                "beginning sessions");
        UserId owner = users.get(0);
        Talk talk = new Talk(Groups.found(target, new DeviceId(owner, "founder"), "group " + number, members));
        if (withAway) {
            talk.stays(away.value());
            talk.pushWatch(token, away.value());
            awayIn.put(token, talk);
        }
        List<Actor> speakers = new ArrayList<>();
        for (UserId user : users) {
            talk.stays(user.value());
            speakers.add(actor(new DeviceId(user, PHONE), talk, false));
        }
        List<Actor> everybody = new ArrayList<>(speakers);
        everybody.add(actor(tablet, talk, false));
        Actor guest = actor(new DeviceId(user("g" + number + "guest"), PHONE), talk, false);
        everybody.add(guest);
        Group group = new Group(talk, speakers.get(0), guest);
        groups.add(group);
        groupOf.put(talk, group);
        // The owner asks by MQTT.
        movable.addAll(everybody.subList(1, everybody.size()));
        circles.add(new Circle(talk, speakers, everybody));
        if (number == 0) {
            stubborn.add(new StubbornDevice(target, new DeviceId(twice, "stubborn"), talk));
        }
    }

    private Actor actor(DeviceId id, Talk talk, boolean withReceipts) throws DeviceException {
        boolean isOwner = id.user().value().endsWith("m0");
        boolean byHttp = !isOwner && actors.size() % ONE_IN_HTTP == ONE_IN_HTTP - 1;
        Actor actor = new Actor(target.turned(actors.size()), id, byHttp, shared);
        actor.joins(talk, withReceipts);
        talk.watch(id);
        if (withReceipts) {
            talk.wantsReceipts(id);
        }
        actors.add(actor);
        return actor;
    }

    private UserId user(String name) {
        return UserId.parse("mix-" + run + "-" + name);
    }

    void connect() throws DeviceException {
        for (int from = 0; from < actors.size(); from += CONNECTING_AT_ONCE) {
            List<Actor> some = actors.subList(from, Math.min(actors.size(), from + CONNECTING_AT_ONCE));
            Clients.await(some.stream().map(Actor::open).toList(), "connecting " + some.size() + " devices");
        }
        Clients.await(
                stubborn.stream().map(StubbornDevice::open).toList(),
                "connecting the device that acknowledges nothing");
    }

    void heard(Talk talk, Actor at, ChatEvent event) {
        Group group = groupOf.get(talk);
        if (group != null) {
            group.heard(at, event);
        }
    }

    List<Circle> circles() {
        return circles;
    }

    List<Group> groups() {
        return groups;
    }

    List<Actor> actors() {
        return actors;
    }

    /** Those who may change their transport. */
    List<Actor> movable() {
        return movable;
    }

    /** By push token: the talk of which its owner is notified. */
    Map<String, Talk> awayIn() {
        return awayIn;
    }

    /** Who came and went in that talk. */
    List<DeviceId> guests(Talk talk) {
        Group group = groupOf.get(talk);
        return group == null ? List.of() : List.of(group.guest());
    }

    void close() {
        actors.parallelStream().forEach(Actor::close);
        stubborn.forEach(device -> {
            CompletableFuture<Void> unused = device.close();
        });
    }
}
