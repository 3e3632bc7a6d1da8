package io.parley.operator;

import com.datastax.oss.driver.api.core.CqlSession;
import io.parley.protocol.ConversationId;
import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.UserId;
import io.parley.protocol.log.EraseUser;
import io.parley.protocol.log.UserCommand;
import io.parley.runtime.CassandraSettings;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.LogSettings;
import io.parley.runtime.Settings;
import io.parley.storage.CassandraConnection;
import io.parley.storage.Erasures;
import io.parley.storage.Erasures.Erased;
import io.parley.storage.Schema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley erase}. */
@Command(
        name = "erase",
        mixinStandardHelpOptions = true,
        description = {
            "Erases a user: messages, edits and reactions in every conversation, pointers, memberships, devices,"
                    + " blocks and settings.",
            "Where a message was, everybody sees a tombstone; conversations of two stay the other's. It cannot be"
                    + " undone. Reports what was erased.",
            "Who still has a valid token may connect again, as somebody new: revoke it where it comes from first."
        })
final class EraseCommand implements Callable<Integer> {
    private static final long POLL_MILLIS = 250;

    @Parameters(paramLabel = "USER", description = "1-64 of a-z 0-9 _ . -")
    private String name = "";

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long to wait until all is done (default: ${DEFAULT-VALUE}).")
    private int waitSeconds;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec usage;

    @Override
    public Integer call() throws AdminException, ExecutionException, InterruptedException, IOException {
        if (!UserId.isValid(name)) {
            throw new ParameterException(usage.commandLine(), "\"" + name + "\" is no user id: 1-64 of a-z 0-9 _ . -");
        }
        UserId user = UserId.parse(name);
        Settings settings = Settings.load();
        CassandraSettings cassandra = CassandraSettings.from(settings);
        KafkaClient kafka = KafkaSettings.from(settings).client();
        try (CqlSession session = Patience.USUAL.await(
                "Cassandra at " + String.join(", ", cassandra.contactPoints()),
                () -> CassandraConnection.open(cassandra))) {
            Erasures erasures = Patience.USUAL.await(
                    "the tables of keyspace " + cassandra.keyspace(),
                    () -> Schema.await(
                            session, cassandra.keyspace(), () -> new Erasures(session, cassandra.keyspace())));
            Set<ConversationId> conversations = erasures.conversations(user);
            System.out.println(user + " is or was in " + conversations.size() + " conversations");
            if (!yes && !agreed(user)) {
                throw new AdminException("nothing was erased");
            }
            Map<ConversationId, Erased> before = erasures.erased(user);
            long deadline = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
            RecordMetadata command = send(kafka, user, conversations);
            awaitEngine(kafka, command, deadline);
            System.out.println(
                    "gone from the engine: devices, presence, privacy, blocks, memberships, cursors, pointers");
            report(erasures, user, conversations, before, deadline);
        }
        remains(user, LogSettings.from(settings));
        return 0;
    }

    private static void remains(UserId user, LogSettings log) {
        System.out.printf(
                """
                what remains of %1$s, and why:
                  the name, no text: in the events that say who made a group, joined, left or was removed, who wrote what is a tombstone now,
                    and in this erasure's: the others' sequence stays whole. Each goes when its conversation's retention ends.
                  the name in the id of each conversation of two: it is the other's, too.
                  names, descriptions and pictures that they gave to groups: they are the groups'.
                  the name in the log of the engine's state, no message, until Kafka compacts it.
                  what others wrote about or to %1$s, and what their devices and your backups have stored.
                  for 30 days: which conversations were erased and how much, for this report; dead letters, without what they said.
                  for %3$d hours: records that could not be processed, with what they said; parley buried lists them.
                  bytes on disks: Kafka's go %2$d minutes after all have read them, at the latest. Cassandra's, with its commit log, go with
                    the next sweep, within a day; on a cluster of your own with: nodetool flush && nodetool garbagecollect -g CELL
                  tokens: one that was issued stays valid until it expires, and who connects with it begins as somebody new. Parley keeps none.
                """, user, (log.gone().toSeconds() + 59) / 60, log.buriedKept().toHours());
    }

    private static boolean agreed(UserId user) throws IOException {
        System.out.print("It cannot be undone. Type the user's name to go on (or say --yes): ");
        System.out.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return user.value().equals(answer);
    }

    private static RecordMetadata send(KafkaClient kafka, UserId user, Set<ConversationId> conversations)
            throws ExecutionException, InterruptedException {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                kafka.with(Map.of(ProducerConfig.ACKS_CONFIG, "all")),
                new StringSerializer(),
                new ByteArraySerializer())) {
            Iterator<UserCommand> parts = commands(conversations).iterator();
            while (true) {
                byte[] part = parts.next().toByteArray();
                RecordMetadata sent = producer.send(new ProducerRecord<>(LogTopics.USER_COMMANDS, user.value(), part))
                        .get();
                if (!parts.hasNext()) {
                    return sent;
                }
            }
        }
    }

    /** One erasure in as many commands as it takes: a user may be in more conversations than one record holds. */
    static List<UserCommand> commands(Set<ConversationId> conversations) {
        List<String> names = conversations.stream().map(ConversationId::value).toList();
        Iterator<List<String>> parts = RecordLimit.parts(names, String::length).iterator();
        List<UserCommand> commands = new ArrayList<>();
        do {
            EraseUser.Builder erase = EraseUser.newBuilder()
                    .addAllConversations(parts.hasNext() ? parts.next() : List.of())
                    .setMore(parts.hasNext());
            commands.add(UserCommand.newBuilder().setEraseUser(erase).build());
        } while (parts.hasNext());
        return commands;
    }

    private static void awaitEngine(KafkaClient kafka, RecordMetadata command, long deadline)
            throws AdminException, ExecutionException, InterruptedException {
        TopicPartition partition = new TopicPartition(command.topic(), command.partition());
        try (Admin admin = Admin.create(kafka.properties())) {
            while (true) {
                OffsetAndMetadata committed = admin.listConsumerGroupOffsets(LogTopics.ENGINE_READER)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(partition);
                if (committed != null && committed.offset() > command.offset()) {
                    return;
                }
                pause(deadline, "the engine has not taken the command yet: it will when it runs");
            }
        }
    }

    private static void report(
            Erasures erasures,
            UserId user,
            Set<ConversationId> conversations,
            Map<ConversationId, Erased> before,
            long deadline)
            throws AdminException, InterruptedException {
        Map<ConversationId, Erased> now = erasures.erased(user);
        while (!conversations.stream().allMatch(each -> isNew(before.get(each), now.get(each)))) {
            pause(deadline, "history is not done yet: it goes on by itself; erase again to see what it did");
            now.putAll(erasures.erased(user));
        }
        long messages = 0;
        long reactions = 0;
        for (ConversationId conversation : conversations) {
            Erased erased = now.get(conversation);
            if (erased != null) {
                System.out.printf(
                        "  %-28s %6d messages and edits, %5d reactions; said to its members with #%d%n",
                        conversation, erased.messages(), erased.reactions(), erased.seq());
                messages += erased.messages();
                reactions += erased.reactions();
            }
        }
        System.out.println("gone from history: " + messages + " messages and edits, " + reactions + " reactions");
    }

    private static boolean isNew(@Nullable Erased before, @Nullable Erased now) {
        return now != null && (before == null || now.seq() > before.seq());
    }

    private static void pause(long deadline, String otherwise) throws AdminException, InterruptedException {
        if (System.nanoTime() > deadline) {
            throw new AdminException(otherwise);
        }
        Thread.sleep(POLL_MILLIS);
    }
}
