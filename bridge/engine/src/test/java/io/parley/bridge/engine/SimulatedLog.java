package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.conversation.machine.ConversationStore;
import io.parley.bridge.user.UserLimits;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.machine.UserRules;
import io.parley.bridge.user.machine.UserStore;
import io.parley.gateway.delivering.DeliveryNode.Addressed;
import io.parley.protocol.ConversationId;
import io.parley.protocol.LogTopics;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.ExpectDevice;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.push.Notification;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The log and the engine behind it: partitions of commands, machines that read one command at a time, and what they wrote. */
final class SimulatedLog {
    private static final int PARTITIONS = 2;
    private static final long GRACE_MILLIS = 10_000;
    private static final Duration ADMISSION_WAIT = Duration.ofMinutes(10);

    private record Command(String key, ByteString bytes, long timeMillis) {}

    /** One partition with its machine. */
    private static final class Partition {
        private final Deque<Command> commands = new ArrayDeque<>();
        private final MapRows rows = new MapRows();
        private final boolean users;
        private final UserLimits limits;
        private Machine.Logic logic;

        Partition(boolean users, UserLimits limits) {
            this.users = users;
            this.limits = limits;
            this.logic = start();
        }

        private Machine.Logic start() {
            return users
                    ? new UserLogic(new UserRules(GRACE_MILLIS, limits), new Refusals())
                    : new ConversationLogic(
                            new ConversationRules(ConversationLimits.defaults()), ADMISSION_WAIT, new Refusals());
        }
    }

    private final Random random;
    private final List<Partition> partitions = new ArrayList<>();
    private final Map<Integer, List<Addressed>> deliveries = new HashMap<>();
    private final Map<ConversationId, List<ChatEvent>> events = new LinkedHashMap<>();
    private final Map<String, List<Integer>> places = new HashMap<>();
    /** The messages that the engine refused, by their ids. */
    private final Map<String, ErrorCode> refused = new HashMap<>();
    /** The conversations of two that may not begin. */
    private final Map<String, ErrorCode> unbegun = new HashMap<>();

    /** What users were to be shown, or shown no more. */
    final List<Notification> notifications = new ArrayList<>();
    /** What an operator sees of users who were pushed to. */
    final List<Effect> counts = new ArrayList<>();

    /** Whether the machines of users take no commands. */
    boolean holdUsers;

    private long nowMillis = 1_700_000_000_000L;
    private long nextTickMillis = nowMillis;
    private final List<String> appended = new ArrayList<>();

    SimulatedLog(Random random) {
        this(random, UserLimits.defaults());
    }

    SimulatedLog(Random random, UserLimits limits) {
        this.random = random;
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.add(new Partition(false, limits));
            partitions.add(new Partition(true, limits));
        }
    }

    /** What commands it has taken; without those to all users, and without presence, which has its own price. */
    List<String> appended() {
        return appended;
    }

    void append(ConversationId conversation, ConversationCommand command) {
        if (!command.hasPresenceChanged()) {
            appended.add(conversation + " " + command.getCommandCase());
        }
        append(conversation.value(), command.toByteString(), false);
    }

    void append(String user, UserCommand command) {
        appended.add(user + " " + command.getCommandCase());
        append(user, command.toByteString(), true);
    }

    private void append(String key, ByteString bytes, boolean user) {
        partition(Math.floorMod(key.hashCode(), PARTITIONS), user).commands.add(new Command(key, bytes, nowMillis));
    }

    /** Every partition of the users hears it. */
    void appendToAllUsers(UserCommand command) {
        for (int i = 0; i < PARTITIONS; i++) {
            partition(i, true).commands.add(new Command(LogTopics.ALL_USERS, command.toByteString(), nowMillis));
        }
    }

    /** How many partitions the users have. */
    int userPartitions() {
        return PARTITIONS;
    }

    private Partition partition(int index, boolean users) {
        return partitions.get(2 * index + (users ? 1 : 0));
    }

    /** The engine takes so many commands; which partition is read next is chance. False when there were none. */
    boolean run(int commands) {
        for (int i = 0; i < commands; i++) {
            List<Partition> waiting = partitions.stream()
                    .filter(one -> !one.commands.isEmpty() && !(one.users && holdUsers))
                    .toList();
            if (waiting.isEmpty()) {
                return i > 0;
            }
            Partition partition = waiting.get(random.nextInt(waiting.size()));
            Command command = partition.commands.remove();
            if (!partition.users) {
                notePlace(command);
            }
            partition
                    .logic
                    .run(command.key(), command.bytes().toByteArray(), command.timeMillis(), partition.rows)
                    .forEach(this::apply);
        }
        return true;
    }

    /** A conversation learns of a device: from then on it knows what the device is owed. */
    private void notePlace(Command command) {
        try {
            ConversationCommand asked = ConversationCommand.parseFrom(command.bytes());
            ConversationId conversation = ConversationId.parse(command.key());
            if (asked.hasAttach() && !asked.getAttach().getRightsOnly()) {
                Origin origin = asked.getOrigin();
                // Who is woken is owed what it was woken by.
                places(conversation, origin.getUser() + "/" + origin.getDevice())
                        .add(
                                asked.getAttach().getWoken()
                                        ? asked.getAttach().getStartsAfter()
                                        : events(conversation).size());
            } else if (asked.hasExpectDevice()) {
                ExpectDevice expected = asked.getExpectDevice();
                places(conversation, expected.getUser() + "/" + expected.getDevice())
                        .add(events(conversation).size());
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("it was made here", e);
        }
    }

    /** Where the conversation stood whenever it was told of a device. */
    List<Integer> places(ConversationId conversation, String device) {
        return places.computeIfAbsent(conversation + " " + device, key -> new ArrayList<>());
    }

    long nowMillis() {
        return nowMillis;
    }

    /** Time passes, with a tick every second; in days and weeks with 10,000 of them. */
    void pass(long millis) {
        nowMillis += millis;
        long step = Math.max(1000, millis / 10_000);
        for (; nextTickMillis <= nowMillis; nextTickMillis += step) {
            tick(nextTickMillis);
        }
        if (step > 1000) {
            tick(nowMillis);
            nextTickMillis = nowMillis + 1000;
        }
    }

    private void tick(long millis) {
        partitions.forEach(one -> one.logic.tick(millis, one.rows).forEach(this::apply));
    }

    /** The engine is killed and comes back: what it had in memory is gone. */
    void restartEngine() {
        partitions.forEach(one -> one.logic = one.start());
    }

    private void apply(Effect effect) {
        if (effect instanceof Effect.Publish publish) {
            List<ChatEvent> log = events.computeIfAbsent(publish.conversation(), key -> new ArrayList<>());
            log.add(publish.event());
            assertThat(publish.event().getSeq()).isEqualTo(log.size());
        } else if (effect instanceof Effect.Deliver deliver) {
            deliveries(deliver.slot()).add(new Addressed(deliver.key(), deliver.delivery()));
            Error error = deliver.delivery().getReply().getReply().getError();
            if (!error.getMessageId().isEmpty()) {
                refused.put(error.getMessageId(), error.getCode());
            }
            if (deliver.delivery().getAttached().hasRefused()) {
                unbegun.put(
                        deliver.key(),
                        deliver.delivery().getAttached().getRefused().getCode());
            }
        } else if (effect instanceof Effect.TellConversation tell) {
            append(tell.conversation(), tell.command());
        } else if (effect instanceof Effect.TellUser tell) {
            append(tell.user().value(), tell.command());
        } else if (effect instanceof Effect.TellTokenDirectory tell) {
            append(tell.key(), tell.command());
        } else if (effect instanceof Effect.Notify notify) {
            notifications.add(notify.notification());
        } else if (effect instanceof Effect.Pushed || effect instanceof Effect.Fetched) {
            counts.add(effect);
        } else if (effect instanceof Effect.Bury bury) {
            throw new AssertionError("buried: " + bury.letter());
        }
    }

    /** The keys of the engine's rows. */
    List<String> keys() {
        return partitions.stream()
                .flatMap(partition -> partition.rows.keys("").stream())
                .toList();
    }

    /** What the engine knows of a conversation. */
    ConversationState conversation(ConversationId id) {
        return new ConversationStore(id, partition(Math.floorMod(id.value().hashCode(), PARTITIONS), false).rows);
    }

    /** What the engine knows of a user. */
    UserState user(UserId id) {
        return new UserStore(id, partition(Math.floorMod(id.value().hashCode(), PARTITIONS), true).rows);
    }

    /** Those that have that word in them. */
    List<String> keysWith(String word) {
        return keys().stream().filter(key -> key.contains(word)).toList();
    }

    /** Why the engine refused a message; null: it did not. */
    @Nullable
    ErrorCode refused(String messageId) {
        return refused.get(messageId);
    }

    /** Why the conversation of two may not begin, as the last who asked was told; null: nobody was refused. */
    @Nullable
    ErrorCode refusedToBegin(ConversationId conversation) {
        return unbegun.get(conversation.value());
    }

    /** All that was ever written for a slot. */
    List<Addressed> deliveries(int slot) {
        return deliveries.computeIfAbsent(slot, key -> new ArrayList<>());
    }

    /** What happened in each conversation, by seq from 1 on. */
    Map<ConversationId, List<ChatEvent>> events() {
        return events;
    }

    /** What happened in that conversation. */
    List<ChatEvent> events(ConversationId conversation) {
        return events.getOrDefault(conversation, List.of());
    }
}
