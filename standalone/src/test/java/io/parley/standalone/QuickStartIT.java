package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each quick start talks to somebody, the broker node is killed, and they talk on. All at once, and each test looks at one. */
@WithPlatform
@TestInstance(Lifecycle.PER_CLASS)
class QuickStartIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final UserId FRIEND = UserId.parse("quick-friend");

    private final Platform platform;
    private final Map<QuickStart, QuickStart.Running> running = new EnumMap<>(QuickStart.class);
    private final List<ChatEvent> heard = new ArrayList<>();

    QuickStartIT(Platform platform) {
        this.platform = platform;
    }

    @BeforeAll
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void play() throws Exception {
        Path folder = Files.createDirectories(Path.of("target", "platform").toAbsolutePath());
        try (HiveDevice friend = HiveDevice.connect(platform, FRIEND + "/phone")) {
            friend.subscribeToAll();
            for (QuickStart one : QuickStart.values()) {
                if (one.isPlayed()) {
                    Login login = Login.of(platform, user(one), "quick-start");
                    running.put(one, one.start(login, "@" + FRIEND, Files.createTempDirectory(folder, one.title())));
                }
            }
            talk(friend, "before");
            heard.addAll(friend.events());
        }
        platform.kill(RoleName.BROKER);
        platform.awaitReady(RoleName.BROKER, LIMIT);
        try (HiveDevice friend = HiveDevice.connect(platform, FRIEND + "/phone")) {
            talk(friend, "after");
            heard.addAll(friend.events());
        }
    }

    private void talk(HiveDevice friend, String when) throws Exception {
        for (Map.Entry<QuickStart, QuickStart.Running> one : running.entrySet()) {
            one.getValue().type("\"hello\" " + when + " from " + one.getKey());
        }
        // What it said shows that it is subscribed, or was: what is said from now on comes.
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(texts(friend.events()))
                        .containsAll(running.keySet().stream()
                                .map(one -> "\"hello\" " + when + " from " + one)
                                .toList()));
        for (QuickStart one : running.keySet()) {
            friend.send(ConversationId.direct(user(one), FRIEND), when + one.title(), "hello " + when + " to " + one);
        }
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(running)
                        .allSatisfy((one, program) -> assertThat(program.lines())
                                .anyMatch(line -> line.contains("hello " + when + " to " + one))));
    }

    private static UserId user(QuickStart one) {
        return UserId.parse("quick-" + one.title());
    }

    private static List<String> texts(List<ChatEvent> events) {
        return events.stream().map(ChatEvent::getText).toList();
    }

    @AfterAll
    void stop() {
        running.values().forEach(QuickStart.Running::close);
    }

    @ParameterizedTest
    @EnumSource
    void what_is_said_to_it_is_printed_and_stored_once(QuickStart one) throws IOException {
        assumeTrue(running.containsKey(one), one + " cannot be built or run here");
        QuickStart.Running program = Objects.requireNonNull(running.get(one));
        List<String> stored = Files.readAllLines(program.folder().resolve("received-" + user(one) + ".jsonl"));
        for (String when : List.of("before", "after")) {
            String text = "hello " + when + " to " + one;
            assertThat(program.lines()).filteredOn(line -> line.contains(text)).hasSize(1);
            assertThat(stored).filteredOn(line -> line.contains(text)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_it_says_arrives_once(QuickStart one) {
        assumeTrue(running.containsKey(one), one + " cannot be built or run here");
        // What the friend acknowledged shortly before the node died may have come to them again, as the same event.
        assertThat(heard.stream()
                        .filter(event -> event.getFrom().equals(user(one).value()))
                        .collect(Collectors.toMap(
                                ChatEvent::getSeq, ChatEvent::getText, (first, again) -> first, TreeMap::new))
                        .values())
                .containsExactly("\"hello\" before from " + one, "\"hello\" after from " + one);
    }

    @Test
    void a_quick_start_is_short() throws IOException {
        for (QuickStart one : QuickStart.values()) {
            Path folder = Path.of("..", "clients", "quick-start", one.title());
            try (var files = Files.list(folder)) {
                for (Path file : files.filter(
                                found -> found.getFileName().toString().matches("(?i)client\\..*"))
                        .toList()) {
                    assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThan(90);
                }
            }
        }
    }
}
