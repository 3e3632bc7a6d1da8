package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.HistoryPage;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.Request;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A walk through what the platform does, played by three people and a guest on both Paho clients and checked step by step. */
public final class DemoTour {
    private static final UserId ALICE = UserId.parse("alice");
    private static final UserId BOB = UserId.parse("bob");
    private static final UserId CAROL = UserId.parse("carol");
    private static final Duration HISTORY_LAG = Duration.ofSeconds(10);
    private static final int MISSED = 10;
    /** Reason code of MQTT 5. */
    private static final int NOT_AUTHORIZED = 0x87;

    private static final int HTTP_FORBIDDEN = 403;

    private final DemoTarget target;
    private final Checklist list;
    private final Person alice;
    private final Person bob;
    private final Person carol;
    private final DemoSignals signals;
    private final DemoPush push;
    private final DemoPictures pictures;

    private DemoTour(
            DemoTarget target, Optional<Path> pushSink, Checklist list, Person alice, Person bob, Person carol) {
        this.target = target;
        this.list = list;
        this.alice = alice;
        this.bob = bob;
        this.carol = carol;
        this.signals = new DemoSignals(target, list, alice, bob);
        this.push = new DemoPush(target, pushSink, list, alice);
        this.pictures = new DemoPictures(target, list, alice, bob);
    }

    /**
     * Plays the tour; true if every check held. What goes wrong is printed, never thrown.
     *
     * @param pushSink where to see what phones are shown, if the platform has that
     */
    public static boolean run(DemoTarget target, Optional<Path> pushSink, PrintStream out) {
        Checklist list = new Checklist(out);
        out.println("A tour of Parley: broker " + target.mqtt() + ", history " + target.http());
        try (Person alice = person(target, ALICE, Device::v3);
                Person bob = person(target, BOB, Device::v5);
                Person carol = person(target, CAROL, Device::v5)) {
            new DemoTour(target, pushSink, list, alice, bob, carol).play();
        } catch (DeviceException e) {
            list.check(false, String.valueOf(e.getMessage()));
        }
        return list.finish();
    }

    private static Person person(DemoTarget target, UserId user, Device.Maker maker) throws DeviceException {
        return new Person(target, new DeviceId(user, "tour"), maker);
    }

    private void play() throws DeviceException {
        list.heading("Three devices connect");
        alice.connect(true);
        list.check(true, "alice is connected with MQTT 3.1.1");
        bob.connect(true);
        carol.connect(true);
        list.check(true, "bob and carol are connected with MQTT 5");
        signals.show(List.of(alice, bob, carol));
        ConversationId pair = oneOnOne();
        signals.play(pair);
        ConversationId team = group();
        int missedFrom = offline(team);
        history(team, missedFrom);
        new DemoMembers(target, list, alice, bob).play(team);
        new DemoChanges(target, list, alice, bob).play(pair);
        pictures.play(pair);
        push.play();
        strangers(team);
        pictures.tellOfThePage();
    }

    private ConversationId oneOnOne() throws DeviceException {
        list.heading("One on one: alice publishes on chat/@bob/msg");
        ConversationId pair = ConversationId.direct(ALICE, BOB);
        alice.follow(pair.value());
        bob.follow(pair.value());
        long startNanos = System.nanoTime();
        String hello = alice.say("@bob", "Hi Bob, do you have a minute?");
        ChatEvent first = bob.hear(pair, hello);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        tell(first, "bob");
        String answer = bob.say("@alice", "For you, two 🙂");
        ChatEvent second = alice.hear(pair, answer);
        tell(second, "alice");
        list.check(
                first.getText().equals("Hi Bob, do you have a minute?"),
                "bob has alice's words after " + millis + " ms");
        list.check(
                second.getSeq() == first.getSeq() + 1, "the answer stands right after the question, in one sequence");
        ChatEvent echo = alice.hear(pair, hello);
        list.check(echo.equals(first), "alice's own echo is the same event: her \"sent\" tick");
        alice.sayAgain("@bob", hello, "Hi Bob, do you have a minute?");
        ChatEvent after = bob.hear(pair, alice.say("@bob", "(I sent the first line twice. Did you notice?)"));
        tell(after, "bob");
        list.check(after.getSeq() == second.getSeq() + 1, "a message sent again with the same id is the same message");
        return pair;
    }

    private ConversationId group() throws DeviceException {
        list.heading("A group: alice asks on user/alice/request");
        CreateGroup.Builder create =
                CreateGroup.newBuilder().setName("picnic").addMembers("bob").addMembers("carol");
        ConversationId team = ConversationId.parse(
                alice.ask(Request.newBuilder().setCreateGroup(create)).getConversation());
        list.note("the group \"picnic\" is " + team);
        for (Person person : List.of(alice, bob, carol)) {
            person.follow(team.value());
        }
        signals.comes(team, carol);
        String id = alice.say(team.value(), "Picnic on Sunday?");
        tell(carol.hear(team, id), "picnic");
        bob.hear(team, id);
        id = carol.say(team.value(), "I bring the cake.");
        tell(bob.hear(team, id), "picnic");
        id = bob.say(team.value(), "Then I bring the appetite.");
        ChatEvent last = carol.hear(team, id);
        tell(last, "picnic");
        alice.hear(team, id);
        bob.hear(team, id);
        list.check(last.getSeq() >= 4, "three messages, after the entry that says who founded the group");
        list.check(
                tail(alice, team, 3).equals(tail(bob, team, 3))
                        && tail(bob, team, 3).equals(tail(carol, team, 3)),
                "all three saw the same messages in the same order");
        return team;
    }

    private static List<ChatEvent> tail(Person person, ConversationId conversation, int count) {
        List<ChatEvent> heard = person.heardIn(conversation);
        return heard.subList(Math.max(0, heard.size() - count), heard.size());
    }

    private int offline(ConversationId team) throws DeviceException {
        list.heading("Carol's phone is off, and catches up");
        int before = last(carol, team).getSeq();
        boolean alone = signals.hasOneDevice(carol);
        carol.disconnect();
        list.note("carol has seen #" + before + " and is gone");
        List<String> ids = new ArrayList<>();
        for (int i = 1; i <= MISSED; i++) {
            Person speaker = i % 2 == 0 ? alice : bob;
            ids.add(speaker.say(team.value(), "What carol misses, part " + i + " of " + MISSED));
        }
        String lastId = ids.get(MISSED - 1);
        alice.hear(team, lastId);
        bob.hear(team, lastId);
        tell(last(alice, team), "picnic");
        if (alone) {
            signals.goes(team, carol);
        } else {
            list.note("carol is online all the same: she has another device");
        }
        carol.connect(false);
        carol.follow(team.value());
        carol.hear(team, lastId);
        List<ChatEvent> caughtUp = carol.heardIn(team).stream()
                .filter(event -> event.getSeq() > before)
                .toList();
        List<Integer> expected =
                IntStream.rangeClosed(before + 1, before + MISSED).boxed().toList();
        list.check(
                caughtUp.stream().map(ChatEvent::getSeq).toList().equals(expected),
                "back online, carol gets #" + (before + 1) + " to #" + (before + MISSED) + ": each once, in order");
        list.check(
                caughtUp.stream().map(ChatEvent::getId).toList().equals(ids),
                "and they are the messages that were sent");
        signals.caughtUp(team, carol, before + MISSED);
        signals.comes(team, carol);
        tell(carol.hear(team, carol.say(team.value(), "I have read it all. Sunday it is!")), "picnic");
        return before + 1;
    }

    private void history(ConversationId team, int missedFrom) throws DeviceException {
        list.heading("History");
        List<ChatEvent> seen = carol.heardIn(team).stream()
                .filter(event -> event.getSeq() >= missedFrom)
                .toList();
        HistoryClient http = new HistoryClient(target, CAROL);
        List<ChatEvent> stored = List.of();
        int head = last(carol, team).getSeq();
        long deadlineNanos = System.nanoTime() + HISTORY_LAG.toNanos();
        while (System.nanoTime() < deadlineNanos
                && (stored.isEmpty() || stored.get(stored.size() - 1).getSeq() < head)) {
            stored = http.all(team);
        }
        list.check(
                stored.size() == head && stored.subList(missedFrom - 1, head).equals(seen),
                "by HTTP: " + stored.size() + " entries, equal to what was delivered");
        HistoryRequest.Builder request =
                HistoryRequest.newBuilder().setConversation(team.value()).setLimit(5);
        HistoryPage page = bob.ask(Request.newBuilder().setHistory(request)).getHistory();
        list.check(
                page.getMessagesList().equals(stored.subList(Math.max(0, stored.size() - 5), stored.size())),
                "by MQTT request: the last five are the same");
    }

    private void strangers(ConversationId team) throws DeviceException {
        list.heading("A stranger");
        UserId mallory = UserId.parse("mallory");
        try (Person stranger = person(target, mallory, Device::v5)) {
            stranger.connect(true);
            list.check(
                    isRefused(() -> stranger.follow(team.value()), NOT_AUTHORIZED),
                    "mallory may not subscribe to the group");
            list.check(isRefused(() -> stranger.say(team.value(), "hello?"), NOT_AUTHORIZED), "nor say anything in it");
        }
        list.check(
                isRefused(() -> new HistoryClient(target, mallory).all(team), HTTP_FORBIDDEN), "nor read its history");
    }

    private interface Attempt {
        void run() throws DeviceException;
    }

    /** Whether it is refused with that code; a failure of another kind ends the tour. */
    private static boolean isRefused(Attempt attempt, int code) throws DeviceException {
        try {
            attempt.run();
            return false;
        } catch (DeviceException e) {
            if (e.code() == code) {
                return true;
            }
            throw e;
        }
    }

    private static ChatEvent last(Person person, ConversationId conversation) throws DeviceException {
        List<ChatEvent> heard = person.heardIn(conversation);
        if (heard.isEmpty()) {
            throw new DeviceException(person.name() + " has received nothing of " + conversation);
        }
        return heard.get(heard.size() - 1);
    }

    private void tell(ChatEvent event, String where) {
        list.said(event.getFrom(), where, event.getSeq(), event.getText());
    }
}
