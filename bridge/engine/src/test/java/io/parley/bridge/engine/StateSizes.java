package io.parley.bridge.engine;

import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.Publication;
import java.time.Duration;
import java.util.Random;

/**
 * How many bytes of rows a user, a conversation of two and a group have, and what is left of them after an idle month and two. No test: run by hand;
 * docs/scale.md has what it printed. Keys and values are counted, not what a store adds.
 */
final class StateSizes {
    private static final int USERS = 200;
    private static final int MESSAGES = 100;
    private static final Node NODE = Node.newBuilder().setSlot(0).setEpoch(1).build();

    private final SimulatedLog log = new SimulatedLog(new Random(1));

    private StateSizes() {}

    /** No arguments. */
    public static void main(String[] args) {
        new StateSizes().play();
    }

    private void play() {
        long before = bytes();
        for (int i = 0; i < USERS; i++) {
            log.append(
                    user(i),
                    UserCommand.newBuilder()
                            .setOrigin(origin(i))
                            .setDeviceConnected(DeviceConnected.newBuilder().setExpirySeconds(1_000_000_000))
                            .build());
        }
        settle();
        before = say("a user with a connected device", before, USERS);
        for (int i = 1; i < USERS; i += 2) {
            ConversationId two = ConversationId.parse(user(i - 1) + "~" + user(i));
            log.append(
                    two,
                    ConversationCommand.newBuilder()
                            .setOrigin(origin(i))
                            .setAttach(Attach.newBuilder().setRightsOnly(true).setToWrite(true))
                            .build());
            settle();
            talk(two, i, 1);
        }
        before = say("a conversation of two, one message, in all three machines", before, USERS / 2);
        for (int i = 1; i < USERS; i += 2) {
            ConversationId two = ConversationId.parse(user(i - 1) + "~" + user(i));
            talk(two, i, MESSAGES);
            read(two, i);
            read(two, i - 1);
        }
        before = say("the same with " + MESSAGES + " messages more, more than without", before, USERS / 2);
        ConversationId group = ConversationId.parse("g0000000001");
        CreateGroup.Builder founding = CreateGroup.newBuilder().setName("a group");
        for (int i = 0; i < USERS; i++) {
            founding.addMembers(user(i));
        }
        log.append(
                user(0),
                UserCommand.newBuilder()
                        .setOrigin(origin(0))
                        .setRequestId("r")
                        .setOpenGroup(OpenGroup.newBuilder()
                                .setConversation(group.value())
                                .setGroup(founding))
                        .build());
        settle();
        before = say("a member of a group, in both machines", before, USERS);
        for (int i = 0; i < USERS; i++) {
            talk(group, i, 1);
        }
        for (int i = 0; i < USERS; i++) {
            read(group, i);
        }
        say("the same when each member said something and read all", before, USERS);
        long all = bytes();
        for (int i = 0; i < USERS; i++) {
            log.append(
                    user(i),
                    UserCommand.newBuilder()
                            .setOrigin(origin(i))
                            .setDeviceDisconnected(DeviceDisconnected.getDefaultInstance())
                            .build());
        }
        for (int month = 1; month <= 2; month++) {
            log.pass(Duration.ofDays(31).toMillis());
            settle();
            log.pass(Duration.ofDays(1).toMillis());
            settle();
            System.out.printf("all: %,d bytes, after %d idle months %,d%n", all, month, bytes());
        }
        log.families().forEach((family, bytes) -> System.out.printf("  %s %,d%n", family, bytes));
    }

    private long say(String what, long before, int of) {
        settle();
        log.pass(2_000);
        settle();
        long now = bytes();
        System.out.printf("%s: %,d bytes%n", what, (now - before) / of);
        return now;
    }

    private void talk(ConversationId conversation, int by, int messages) {
        for (int i = 0; i < messages; i++) {
            log.append(
                    conversation,
                    ConversationCommand.newBuilder()
                            .setOrigin(origin(by))
                            .setSendMessage(SendMessage.newBuilder()
                                    .setPublication(Publication.newBuilder()
                                            .setId(by + "-" + i + "-"
                                                    + log.events(conversation).size())
                                            .setText("good morning")))
                            .build());
        }
        settle();
    }

    private void read(ConversationId conversation, int user) {
        log.append(
                conversation,
                ConversationCommand.newBuilder()
                        .setReportCursors(ReportCursors.newBuilder()
                                .addCursors(Cursor.newBuilder()
                                        .setUser(user(user))
                                        .setDevice("phone")
                                        .setRead(log.events(conversation).size())))
                        .build());
    }

    private void settle() {
        while (log.run(1_000)) {
            log.pass(1);
        }
    }

    private long bytes() {
        return log.families().values().stream().mapToLong(Long::longValue).sum();
    }

    private static Origin origin(int user) {
        return Origin.newBuilder()
                .setUser(user(user))
                .setDevice("phone")
                .setConnection(user + 1)
                .setNode(NODE)
                .build();
    }

    private static String user(int i) {
        return "user-%04d".formatted(i);
    }
}
