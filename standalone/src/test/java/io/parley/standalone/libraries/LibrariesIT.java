package io.parley.standalone.libraries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.demo.DemoTarget;
import io.parley.demo.HistoryClient;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.standalone.Addresses;
import io.parley.standalone.Founder;
import io.parley.standalone.Installation;
import io.parley.standalone.Packet;
import io.parley.standalone.Platform;
import io.parley.standalone.RoleName;
import io.parley.standalone.libraries.Journal.Received;
import io.parley.standalone.libraries.WatchedLink.Passed;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ordinary client libraries lose nothing and see nothing twice, whatever happens to the network and the platform. Each subscribes once, and
 * all chat in one group and in conversations of two while each client loses the network several times, a broker node is killed, Kafka hangs and
 * is killed, and the whole platform is killed and started again. That is played once, on a platform of its own; each test looks at one side
 * of it for one library.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class LibrariesIT {
    /** The reason codes with which a node may refuse a CONNECT: server unavailable, in MQTT 5 and 3.1.1. */
    private static final List<Integer> UNAVAILABLE = List.of(0x88, 3);
    /** The reason codes with which a node may end a connection: server busy, server shutting down. */
    private static final List<Integer> BUSY_OR_STOPPING = List.of(0x89, 0x8B);

    private static final Duration SETTLED = Duration.ofMinutes(2);
    private static final Duration HISTORY = Duration.ofMinutes(1);

    private List<Participant> participants;
    private Traffic traffic;
    private Faults faults;

    @BeforeAll
    @Timeout(value = 12, unit = TimeUnit.MINUTES)
    void play() throws Exception {
        List<Library> installed = new ArrayList<>();
        for (Library library : Library.values()) {
            if (library.isInstalled()) {
                installed.add(library);
            }
        }
        Path folder = Files.createDirectories(Path.of("target", "platform").toAbsolutePath());
        Path data = Files.createTempDirectory(folder, "libraries");
        Platform.Options options = new Platform.Options(
                Installation.find(),
                data,
                Addresses.free(),
                RoleName.usual(),
                Map.of("PARLEY_KAFKA_PARTITIONS", "2"),
                line -> System.out.println(line));
        Platform platform = Platform.start(options);
        List<UserId> users = installed.stream().map(Participants::userOf).toList();
        ConversationId group = Founder.createGroup(platform, users.get(0), users.subList(1, users.size()));
        participants = new Participants(platform, data, group, installed).connect();
        traffic = Traffic.of(participants);
        faults = new Faults(platform, options, participants);
        step("network losses", faults::networkLosses);
        step("node killed", faults::nodeKilled);
        step("Kafka hangs", faults::kafkaHangs);
        step("Kafka killed", faults::kafkaKilled);
        step("everything killed", faults::everythingKilled);
        traffic.stop();
        step("settled", this::awaitSettled);
    }

    private interface Step {
        void take() throws Exception;
    }

    private static void step(String name, Step step) throws Exception {
        long startNanos = System.nanoTime();
        step.take();
        System.out.printf("%s: %.1f s%n", name, (System.nanoTime() - startNanos) / 1e9);
    }

    /** The tests say what is missing when the time is over. */
    private void awaitSettled() {
        try {
            await().atMost(SETTLED)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> participants.stream().allMatch(this::hasSettled));
        } catch (ConditionTimeoutException e) {
            System.out.println("not settled within " + SETTLED);
        }
    }

    private boolean hasSettled(Participant participant) {
        Acknowledgements acknowledgements = new Acknowledgements(Device.on(participant.link()));
        return acknowledgements.acknowledged().containsAll(handedTo(participant))
                && receivedIds(participant).containsAll(expectedIds(participant));
    }

    @AfterAll
    void stop() throws Exception {
        if (traffic != null) {
            traffic.close();
        }
        if (participants != null) {
            Participants.close(participants);
        }
        if (faults != null) {
            faults.platform().close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everything_comes_to_every_application_in_the_order_of_the_conversation(Library library) throws Exception {
        Participant participant = participant(library);
        assertThat(receivedIds(participant)).containsAll(expectedIds(participant));
        for (ConversationId conversation : participant.conversations()) {
            List<ChatEvent> firsts = firstOfEach(participant, conversation);
            List<ChatEvent> stored = stored(participant.user(), conversation);
            int before = stored.size() - firsts.size();
            assertThat(before).as("events before the subscription").isBetween(0, 1);
            assertThat(firsts).isEqualTo(stored.subList(before, stored.size()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everything_that_the_library_was_handed_is_acknowledged_and_stored_once(Library library) throws Exception {
        Participant participant = participant(library);
        Acknowledgements acknowledgements = new Acknowledgements(Device.on(participant.link()));
        Set<String> handed = handedTo(participant);
        assertThat(acknowledgements.refused()).isEmpty();
        // Problems alone are no failure: Paho reports one for what it sends again after a reconnect, and is
        // acknowledged in the end.
        assertThat(acknowledgements.acknowledged())
                .as("acknowledged; problems: %s", participant.seat().journal().problems())
                .containsExactlyInAnyOrderElementsOf(handed);
        List<String> stored = new ArrayList<>();
        for (ConversationId conversation : participant.conversations()) {
            stored(participant.user(), conversation).stream()
                    .filter(event -> event.getFrom().equals(participant.user().value()))
                    .map(ChatEvent::getId)
                    .filter(handed::contains)
                    .forEach(stored::add);
        }
        assertThat(stored).containsExactlyInAnyOrderElementsOf(handed);
    }

    @ParameterizedTest
    @EnumSource
    void every_reconnect_finds_the_session(Library library) throws Exception {
        for (Device device : Device.on(participant(library).link())) {
            List<Boolean> present = device.sessionsPresent();
            // The losses, the killed node, the killed platform.
            assertThat(present).as("connections of %s", device.id()).hasSizeGreaterThanOrEqualTo(Faults.LOSSES + 3);
            assertThat(present.get(0)).as("session present at first").isFalse();
            assertThat(present.subList(1, present.size()))
                    .as("session present of %s", device.id())
                    .containsOnly(true);
            assertThat(UNAVAILABLE).containsAll(device.refusals());
        }
    }

    @ParameterizedTest
    @EnumSource
    void only_what_was_not_acknowledged_comes_again(Library library) throws Exception {
        Participant participant = participant(library);
        for (Device device : Device.on(participant.link())) {
            Repeats repeats = new Repeats(participant.link(), device, faults.killsNanos());
            System.out.println(repeats);
            assertThat(repeats.wrong()).isEmpty();
            assertThat(BUSY_OR_STOPPING).containsAll(device.reasons(Packet.DISCONNECT));
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_library_subscribes_once(Library library) throws Exception {
        Participant participant = participant(library);
        if (library.subscribesAlways()) {
            // The program does so by itself, which is harmless: nothing comes again, as another test says.
            return;
        }
        for (Device device : Device.on(participant.link())) {
            assertThat(device.of(Packet.SUBSCRIBE, true))
                    .extracting(Passed::connection)
                    .containsOnly(1);
        }
    }

    private Participant participant(Library library) throws Exception {
        library.assumeInstalled();
        return participants.stream()
                .filter(one -> one.library() == library)
                .findFirst()
                .orElseThrow();
    }

    private Set<String> handedTo(Participant participant) {
        return traffic.handedBy(participant.library()).keySet();
    }

    private Set<String> expectedIds(Participant participant) {
        Set<String> ids = new HashSet<>();
        for (Participant sender : participants) {
            Acknowledgements acknowledgements = new Acknowledgements(Device.on(sender.link()));
            traffic.handedBy(sender.library()).forEach((id, topic) -> {
                boolean seen = topic.equals(participant.seat().group())
                        || sender.user().equals(participant.user())
                        || topic.equals("chat/@" + participant.user() + "/msg");
                if (seen && acknowledgements.acknowledged().contains(id)) {
                    ids.add(id);
                }
            });
        }
        return ids;
    }

    private static Set<String> receivedIds(Participant participant) {
        Set<String> ids = new HashSet<>();
        participant
                .seat()
                .journal()
                .received()
                .forEach(one -> ids.add(one.event().getId()));
        return ids;
    }

    /** Without repeats, which the test of what passes on the wire judges. */
    private static List<ChatEvent> firstOfEach(Participant participant, ConversationId conversation) {
        Map<Integer, ChatEvent> firsts = new LinkedHashMap<>();
        for (Received received : participant.seat().journal().received()) {
            if (received.topic().equals("chat/" + conversation + "/msg")) {
                firsts.putIfAbsent(received.event().getSeq(), received.event());
            }
        }
        return List.copyOf(firsts.values());
    }

    private List<ChatEvent> stored(UserId user, ConversationId conversation) throws Exception {
        HistoryClient history = historyOf(user);
        List<Integer> received = participants.stream()
                .map(participant -> firstOfEach(participant, conversation))
                .flatMap(Collection::stream)
                .map(ChatEvent::getSeq)
                .toList();
        int head = Stream.concat(Stream.of(0), received.stream())
                .max(Integer::compare)
                .orElse(0);
        await().atMost(HISTORY)
                .ignoreExceptions()
                .until(() -> history.all(conversation).size() >= head);
        return history.all(conversation);
    }

    private HistoryClient historyOf(UserId user) {
        Platform platform = faults.platform();
        String host = "//" + Addresses.HOST + ":";
        return new HistoryClient(
                new DemoTarget(
                        URI.create("tcp:" + host + platform.addresses().mqtt()),
                        URI.create("http:" + host + platform.addresses().http()),
                        whom -> platform.token(whom, Duration.ofMinutes(10))),
                user);
    }
}
