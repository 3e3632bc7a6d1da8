package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.audit.Seeds;
import io.parley.bridge.user.UserLimits;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.NodeAlive;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.log.Subscribe;
import io.parley.protocol.log.Subscription;
import io.parley.protocol.log.TypingNow;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Block;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Leave;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Unblock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * One account names users and conversations that do not exist, in every command that a node passes on, and more often than a node lets it. An hour
 * later the state has what these tests list, and nothing else that was not there before.
 */
final class HostileAccountTest {
    private static final int MANY = 5_000;
    private static final int SOME = 300;
    private static final int GROUPS = 5;
    private static final int HOUR_SECONDS = 3_600;
    private static final int DEVICE_LIMIT = 20;
    private static final Node NODE = Node.newBuilder().setSlot(0).setEpoch(1).build();
    private static final ConversationId HONEST = ConversationId.parse("ann~ben");

    /** The number of the last session, what was spent within the hour, and when the user was seen last: one row each. */
    private static final Pattern OWN = Pattern.compile("[lso]\\|mallory");

    /** Each partition of users has it, from its first second on. */
    private static final String INDEXED = "D|";

    private static final Pattern BLOCKED = Pattern.compile("b\\|mallory\\|nobody\\d+");

    private SimulatedLog log = new SimulatedLog(new Random(1));
    private Set<String> before = Set.of();
    private long connections;

    @Test
    void subscriptions_to_invented_addresses_go_with_the_session() {
        begin();
        connects("phone", 60);
        for (int i = 0; i < MANY; i++) {
            subscribes("phone", i);
        }
        wildcard("phone");
        settle();
        assertThat(log.keysWith("nobody"))
                .as("filters of the session, and no conversation")
                .allMatch(key -> key.startsWith("f|mallory|"));

        leaves("phone");
        anHourLater();

        assertThat(left()).allMatch(key -> OWN.matcher(key).matches());
        honestUsersGoOn();
    }

    @Test
    void messages_to_invented_partners_leave_what_was_spent() {
        begin();
        connects("phone", 0);
        for (int i = 0; i < MANY; i++) {
            writes("phone", i);
        }
        settle();
        assertThat(log.events(invented(0))).isEmpty();
        assertThat(log.refusedToBegin(invented(0))).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(log.refusedToBegin(invented(MANY - 1))).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(log.keysWith("nobody")).isEmpty();

        leaves("phone");
        anHourLater();

        assertThat(left()).allMatch(key -> OWN.matcher(key).matches());
        honestUsersGoOn();
    }

    @Test
    void blocks_of_invented_users_are_as_many_as_may_change_in_an_hour() {
        begin();
        connects("phone", 0);
        for (int i = 0; i < MANY; i++) {
            blocks(i, true);
            if (i % 2 == 0) {
                blocks(i, false);
            }
        }
        settle();

        leaves("phone");
        anHourLater();

        int changes = UserLimits.defaults().settingsAnHour();
        assertThat(left())
                .allMatch(key ->
                        OWN.matcher(key).matches() || BLOCKED.matcher(key).matches())
                .filteredOn(key -> key.startsWith("b|"))
                .as("each second one was ended again")
                .hasSize(changes / 3);
        honestUsersGoOn();
    }

    @Test
    void connections_of_invented_devices_leave_nothing() {
        begin();
        for (int i = 0; i < MANY; i++) {
            connects("device" + i, i % 2 * 60);
            if (i % 3 > 0) {
                leaves("device" + i);
            }
        }
        settle();
        assertThat(log.keysWith("x|mallory")).hasSize(DEVICE_LIMIT);

        // Their node dies with those that are still there.
        anHourLater();

        assertThat(left()).allMatch(key -> OWN.matcher(key).matches());
        honestUsersGoOn();
    }

    @Test
    void groups_of_invented_members_are_their_founders_alone_and_nothing_when_the_founder_leaves() {
        begin();
        connects("phone", 0);
        for (int i = 0; i < GROUPS; i++) {
            founds(group(i), i);
        }
        settle();
        // Members who declined go some at a time.
        log.pass(120_000);
        settle();
        assertThat(log.keysWith("m|g")).hasSize(GROUPS).allMatch(key -> key.endsWith("|mallory"));
        assertThat(log.keysWith("nobody")).isEmpty();

        for (int i = 0; i < GROUPS; i++) {
            log.append(
                    group(i),
                    ConversationCommand.newBuilder()
                            .setOrigin(origin("phone"))
                            .setLeave(Leave.newBuilder().setConversation(group(i).value()))
                            .build());
        }
        leaves("phone");
        anHourLater();

        assertThat(left()).noneMatch(key -> key.startsWith("m|") || key.startsWith("v|"));
        honestUsersGoOn();
    }

    @Test
    void everything_at_once_while_the_engine_starts_again_leaves_what_each_leaves() {
        Seeds.play(4, seed -> {
            Random random = new Random(seed);
            log = new SimulatedLog(random);
            begin();
            connects("phone", 60);
            connects("tablet", 0);
            List<Runnable> acts = new ArrayList<>();
            for (int i = 0; i < SOME; i++) {
                int number = i;
                acts.add(() -> subscribes(number % 2 == 0 ? "phone" : "tablet", number));
                acts.add(() -> writes("tablet", number));
                acts.add(() -> blocks(number, true));
                acts.add(() -> blocks(number, false));
                acts.add(() -> connects("device" + number, number % 3 * 30));
                acts.add(() -> leaves("device" + number));
                acts.add(() -> strays(number));
            }
            Collections.shuffle(acts, random);
            for (Runnable act : acts) {
                act.run();
                log.run(random.nextInt(12));
                if (random.nextInt(200) == 0) {
                    log.restartEngine();
                }
            }
            settle();
            leaves("phone");
            leaves("tablet");
            anHourLater();

            assertThat(left())
                    .allMatch(key ->
                            OWN.matcher(key).matches() || BLOCKED.matcher(key).matches())
                    .hasSizeLessThanOrEqualTo(3 + UserLimits.defaults().settingsAnHour());
            honestUsersGoOn();
        });
    }

    /** Two honest users talk to each other. */
    private void begin() {
        connections = 0;
        log.appendToAllUsers(UserCommand.newBuilder()
                .setNodeAlive(NodeAlive.newBuilder().setNode(NODE))
                .build());
        for (String user : List.of("ann", "ben")) {
            connect(origin(user, "phone", ++connections), 30 * 24 * HOUR_SECONDS);
        }
        says("ann", "before");
        settle();
        assertThat(log.events(HONEST)).hasSize(1);
        before = new HashSet<>(log.keysWith(""));
    }

    private void honestUsersGoOn() {
        int said = log.events(HONEST).size();
        says("ben", "after");
        settle();
        assertThat(log.events(HONEST))
                .extracting(ChatEvent::getId)
                .hasSize(said + 1)
                .endsWith("after");
    }

    private void says(String user, String id) {
        if (log.events(HONEST).isEmpty()) {
            log.append(HONEST, asksToWrite(origin(user, "phone", 1)));
            settle();
        }
        log.append(HONEST, message(origin(user, "phone", 1), id));
    }

    private static ConversationCommand asksToWrite(Origin origin) {
        return ConversationCommand.newBuilder()
                .setOrigin(origin)
                .setAttach(Attach.newBuilder().setRightsOnly(true).setToWrite(true))
                .build();
    }

    private static ConversationCommand message(Origin origin, String id) {
        return ConversationCommand.newBuilder()
                .setOrigin(origin)
                .setSendMessage(SendMessage.newBuilder()
                        .setPublication(Publication.newBuilder().setId(id).setText("t")))
                .build();
    }

    private void connects(String device, int expirySeconds) {
        connect(origin(device), expirySeconds);
    }

    private void connect(Origin origin, int expirySeconds) {
        log.append(
                origin.getUser(),
                UserCommand.newBuilder()
                        .setOrigin(origin)
                        .setDeviceConnected(DeviceConnected.newBuilder().setExpirySeconds(expirySeconds))
                        .build());
    }

    private void leaves(String device) {
        log.append(
                "mallory",
                UserCommand.newBuilder()
                        .setOrigin(origin(device))
                        .setDeviceDisconnected(DeviceDisconnected.getDefaultInstance())
                        .build());
    }

    /** As a node does for a SUBSCRIBE, and for what is published there beside messages. */
    private void subscribes(String device, int number) {
        String filter = "chat/@nobody" + number + "/#";
        log.append(
                "mallory",
                UserCommand.newBuilder()
                        .setOrigin(origin(device))
                        .setSubscribe(Subscribe.newBuilder()
                                .setAttachBegun(true)
                                .addSubscriptions(Subscription.newBuilder()
                                        .setFilter(filter)
                                        .setQos(1)))
                        .build());
        for (ConversationCommand.Builder command : List.of(
                ConversationCommand.newBuilder()
                        .setAttach(Attach.newBuilder().setReceipts(true).setPresence(true)),
                ConversationCommand.newBuilder()
                        .setTypingNow(TypingNow.newBuilder().setTyping(true)),
                ConversationCommand.newBuilder()
                        .setReportCursors(ReportCursors.newBuilder()
                                .addCursors(Cursor.newBuilder()
                                        .setUser("mallory")
                                        .setDevice(device)
                                        .setSeq(number)
                                        .setRead(number)
                                        .setSettled(0)
                                        .setSignals(true))))) {
            log.append(invented(number), command.setOrigin(origin(device)).build());
        }
    }

    private void wildcard(String device) {
        log.append(
                "mallory",
                UserCommand.newBuilder()
                        .setOrigin(origin(device))
                        .setSubscribe(Subscribe.newBuilder()
                                .setAttachAll(true)
                                .setCleanStart(true)
                                .addSubscriptions(Subscription.newBuilder().setFilter("chat/#")))
                        .build());
    }

    private void writes(String device, int number) {
        log.append(invented(number), asksToWrite(origin(device)));
    }

    private void blocks(int number, boolean blocked) {
        UserCommand.Builder command =
                UserCommand.newBuilder().setOrigin(origin("phone")).setRequestId("r" + number);
        log.append(
                "mallory",
                (blocked
                                ? command.setBlock(Block.newBuilder().setUser("nobody" + number))
                                : command.setUnblock(Unblock.newBuilder().setUser("nobody" + number)))
                        .build());
    }

    private void founds(ConversationId group, int number) {
        CreateGroup.Builder founding = CreateGroup.newBuilder().setName("g");
        Stream.iterate(number * 1_000, member -> member + 1)
                .limit(1_000)
                .forEach(member -> founding.addMembers("nobody" + member));
        log.append(
                "mallory",
                UserCommand.newBuilder()
                        .setOrigin(origin("phone"))
                        .setRequestId("g" + number)
                        .setOpenGroup(OpenGroup.newBuilder()
                                .setConversation(group.value())
                                .setGroup(founding))
                        .build());
    }

    /** Into a group that does not exist, and the conversation of others. */
    private void strays(int number) {
        for (ConversationId other : List.of(group(number), HONEST)) {
            log.append(
                    other,
                    ConversationCommand.newBuilder()
                            .setOrigin(origin("tablet"))
                            .setAttach(Attach.newBuilder().setReceipts(true).setPresence(true))
                            .build());
            log.append(other, message(origin("tablet"), "s" + number));
        }
    }

    private static ConversationId invented(int number) {
        return ConversationId.parse("mallory~nobody" + number);
    }

    private static ConversationId group(int number) {
        return ConversationId.parse("g%012d".formatted(number));
    }

    /** One connection for each device. */
    private static Origin origin(String device) {
        return origin("mallory", device, 100);
    }

    private static Origin origin(String user, String device, long connection) {
        return Origin.newBuilder()
                .setUser(user)
                .setDevice(device)
                .setConnection(connection)
                .setNode(NODE)
                .build();
    }

    private void anHourLater() {
        for (int second = 0; second < HOUR_SECONDS; second++) {
            settle();
            log.pass(1_000);
        }
        settle();
    }

    private void settle() {
        while (log.run(1_000)) {
            // Until nothing is under way.
        }
    }

    /** The keys of the rows that were not there at the beginning, without those of the honest users. */
    private List<String> left() {
        return log.keysWith("").stream()
                .filter(key -> !before.contains(key) && !key.equals(INDEXED))
                .filter(key -> key.contains("mallory") || !(key.contains("|ann") || key.contains("|ben")))
                .toList();
    }
}
