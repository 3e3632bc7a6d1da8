package io.parley.demo;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ListConversations;
import io.parley.protocol.wire.RegisterPush;
import io.parley.protocol.wire.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The part of the tour about who is away: what a phone shows, and that it is taken away when it was read elsewhere. */
final class DemoPush {
    private static final UserId ERIN = UserId.parse("erin");
    /** In hexadecimal, as Apple's. */
    private static final String TOKEN = "e417".repeat(16);

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 50;
    private static final String SINK = "PARLEY_PUSH_SINK_FILE";

    private final DemoTarget target;
    private final Optional<Path> sink;
    private final Checklist list;
    private final Person alice;
    private long seen;

    DemoPush(DemoTarget target, Optional<Path> sink, Checklist list, Person alice) {
        this.target = target;
        this.sink = sink;
        this.list = list;
        this.alice = alice;
    }

    /** Where {@code ./parley} says that the platform writes what phones are shown. */
    static Optional<Path> sink() {
        return Optional.ofNullable(System.getenv(SINK)).map(Path::of);
    }

    void play() throws DeviceException {
        list.heading("Push: erin's phone is in her pocket");
        if (sink.isEmpty()) {
            list.note("to see what phones and browsers are shown, start the platform with ./parley up --push-sink");
            return;
        }
        ConversationId pair = ConversationId.direct(alice.id().user(), ERIN);
        int unread = registers();
        seen = lines().size();
        long startNanos = System.nanoTime();
        alice.say("@erin", "Are you coming on Sunday?");
        Struct shown = awaits(line -> text(line, "body").startsWith("Are you"));
        list.check(
                text(shown, "title").equals("alice") && !isTrue(shown, "silent"),
                "her iPhone shows \"alice: " + text(shown, "body") + "\" after "
                        + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos) + " ms");
        list.check(number(shown, "badge") == unread + 1, "with the badge " + number(shown, "badge"));
        alice.say("@erin", "There will be cake.");
        Struct newer = awaits(line -> text(line, "body").startsWith("There will"));
        list.check(
                text(newer, "collapseId").equals(text(shown, "collapseId")) && number(newer, "badge") == unread + 2,
                "the next message takes its place, with the badge " + number(newer, "badge"));
        reads(pair);
        Struct silent = awaits(line -> isTrue(line, "withdraw"));
        list.check(
                isTrue(silent, "silent") && number(silent, "badge") == 0,
                "she reads it at her desk: a silent push takes it away, and the badge goes");
    }

    /** Her phone registers and leaves; what she had not read in other conversations by then. */
    private int registers() throws DeviceException {
        try (Person phone = new Person(target, new DeviceId(ERIN, "tour"), Device::v5)) {
            phone.connectForAnswers();
            phone.ask(Request.newBuilder()
                    .setRegisterPush(RegisterPush.newBuilder()
                            .setPlatform(PushPlatform.APNS)
                            .setToken(TOKEN)));
            list.note("it has registered its token of Apple's, and is offline now");
            return phone.ask(Request.newBuilder().setListConversations(ListConversations.getDefaultInstance()))
                    .getUnreadTotal();
        }
    }

    private void reads(ConversationId pair) throws DeviceException {
        try (Person desk = new Person(target, new DeviceId(ERIN, "tour-desk"), Device::v5)) {
            desk.connect(true);
            desk.follow(pair.value());
            ChatEvent last = desk.hear(pair, alice.say("@erin", "I save you a piece."));
            Person.get(desk.read(pair, last.getSeq()), "the PUBACK of erin's receipt");
        }
    }

    /** The next notification of that kind that her phone gets. */
    private Struct awaits(Predicate<Struct> wanted) throws DeviceException {
        long deadlineNanos = System.nanoTime() + SOON.toNanos();
        do {
            for (String line : lines()) {
                Struct one = parsed(line);
                if (text(one, "token").equals(TOKEN) && wanted.test(one)) {
                    return one;
                }
            }
            pause();
        } while (System.nanoTime() < deadlineNanos);
        throw new DeviceException("erin's phone was told nothing of that within " + SOON.toSeconds() + " s");
    }

    /** What was accepted since the tour began to look. */
    private List<String> lines() throws DeviceException {
        try {
            Path file = sink.orElseThrow();
            String all = Files.exists(file) ? Files.readString(file) : "";
            return all.substring(0, all.lastIndexOf('\n') + 1)
                    .lines()
                    .skip(seen)
                    .toList();
        } catch (IOException e) {
            throw new DeviceException("what phones are shown cannot be read: " + e.getMessage(), e);
        }
    }

    private static Struct parsed(String line) throws DeviceException {
        try {
            Struct.Builder one = Struct.newBuilder();
            JsonFormat.parser().merge(line, one);
            return one.build();
        } catch (InvalidProtocolBufferException e) {
            throw new DeviceException("a line of the push sink is no JSON: " + e.getMessage(), e);
        }
    }

    private static void pause() throws DeviceException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeviceException("interrupted", e);
        }
    }

    private static String text(Struct of, String name) {
        return of.getFieldsOrThrow(name).getStringValue();
    }

    private static long number(Struct of, String name) {
        return (long) of.getFieldsOrThrow(name).getNumberValue();
    }

    private static boolean isTrue(Struct of, String name) {
        return of.getFieldsOrThrow(name).getBoolValue();
    }
}
