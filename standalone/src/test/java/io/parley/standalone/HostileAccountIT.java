package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.UserId;
import io.parley.standalone.HostileAccount.Attack;
import io.parley.standalone.pages.PlayedPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * One account takes all that two nodes give it, while others write to each other. On a platform of its own, which refuses unknown users, asks who is added by
 * a stranger, and has one partition: everybody shares an engine thread with the hostile account. What such a platform asks is tested first: no other has these
 * settings.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
@Tag("quiet")
class HostileAccountIT {
    private static final int PAIRS = 20;
    private static final int PER_SECOND = 80;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration NORMAL = Duration.ofSeconds(4);
    /** {@code -Dparley.test.attackSeconds=N} lets each attack go on for longer. */
    private static final Duration EACH = Duration.ofSeconds(Integer.getInteger("parley.test.attackSeconds", 3));

    private static final int CONNECTIONS = 4;

    /**
     * The aim is twice the normal p99, some 260 ms. On two cores that all processes and clients share, founding groups came to 380-750 ms; without the limits on
     * what one user asks for it was 5 s and more. {@code -Dparley.test.noiseMillis=N} sets another limit.
     */
    private static final double NOISE_MILLIS = Integer.getInteger("parley.test.noiseMillis", 2_000);

    private static final Duration BACK = Duration.ofSeconds(90);
    /** From when the engine is ready again; {@code -Dparley.test.engineBackSeconds=N} sets another limit. */
    private static final Duration GO_ON_WITHIN =
            Duration.ofSeconds(Integer.getInteger("parley.test.engineBackSeconds", 60));

    private static final Map<RoleName, Integer> GROWTH_MIB = Map.of(
            RoleName.KAFKA,
            200,
            RoleName.CASSANDRA,
            400,
            RoleName.ENGINE,
            300,
            RoleName.BROKER,
            200,
            RoleName.HISTORY,
            150);
    private static final double HEAP_GROWTH_KIB = 64 * 1024;

    private static final UserId HOSTILE = UserId.parse("mallory");
    private static final UserId OTHER = UserId.parse("accomplice");

    /** What the account itself may leave: whom it blocks. */
    private static final Pattern BLOCKED = Pattern.compile("b\\|" + HOSTILE + "\\|" + HostileAccount.INVENTED + "\\d+");

    private static final int SETTINGS_AN_HOUR = 300;
    /** Families of rows for each session: the device, its filters, when it is due, and what conversations hold of it. */
    private static final Pattern OF_SESSIONS =
            Pattern.compile("([xf]\\|" + HOSTILE + "|[epw]\\|.*" + HOSTILE + "|c\\|.*\\|" + HOSTILE + "\\|).*");

    private Platform platform;
    private SecondNode second;
    private SteadyPairs pairs;
    private HostileAccount hostile;

    @BeforeAll
    void start() throws Exception {
        Path folder = Files.createDirectories(Path.of("target", "platform").toAbsolutePath());
        platform = Platform.start(new Platform.Options(
                Installation.find(),
                Files.createTempDirectory(folder, "hostile"),
                Addresses.free(),
                RoleName.usual(),
                Map.of(
                        "PARLEY_ENGINE_ADMISSION_UNKNOWN_USERS_REFUSED",
                        "true",
                        "PARLEY_ENGINE_ADMISSION_CONSENT",
                        "strangers"),
                line -> System.out.println(line)));
        second = SecondNode.start(platform);
        pairs = SteadyPairs.connect(platform, second, PAIRS);
        hostile = HostileAccount.prepare(platform, second, HOSTILE, OTHER);
        checks().awaitHead(HOSTILE, hostile.large(), hostile.largeMessages());
    }

    @AfterAll
    void stop() {
        pairs.close();
        second.close();
        platform.close();
    }

    @Test
    @Order(0)
    void strangers_are_asked_and_unknown_users_are_not_written_to() throws Exception {
        AdmissionChecks.assertThatStrangersAreAskedAndUnknownUsersAreNotWrittenTo(platform);
    }

    @Test
    @Order(0)
    void the_page_about_invitations_is_played() throws Exception {
        try (PagePlayer player = new PagePlayer(platform, "-invited")) {
            player.play(PlayedPage.read(Installation.find().home().resolve("docs/protocol/invitations.md")));
        }
    }

    @Test
    @Order(1)
    void others_wait_hardly_longer_whatever_it_does_and_no_process_grows_by_it() throws Exception {
        pairs.start(PER_SECOND);
        during(WARM_UP);
        ProcessorTime alone = processorTime();
        Delays normal = during(NORMAL);
        System.out.printf("%-15s %s%n%s%n", "alone", normal, alone);
        Map<RoleName, Long> pids = pids();
        long secondPid = second.pid();
        Map<RoleName, Long> resident = residentMib();
        double engineKib = RunningProcess.of(platform, RoleName.ENGINE).heapKibAfterCollection();
        double brokerKib = RunningProcess.of(platform, RoleName.BROKER).heapKibAfterCollection();

        Map<String, Delays> attacked = new LinkedHashMap<>();
        for (Attack attack : Attack.values()) {
            ProcessorTime work = processorTime();
            HostileAccount.Running running = hostile.start(List.of(attack), CONNECTIONS);
            try {
                attacked.put(attack.name(), during(EACH));
            } finally {
                running.stop();
            }
            System.out.printf("%-15s %s%n%s%n%s%n", attack, attacked.get(attack.name()), hostile.report(attack), work);
        }
        Delays after = during(EACH);
        System.out.printf("%-15s %s%n", "afterwards", after);

        attacked.put("afterwards", after);
        double most = Math.max(2 * normal.millis(99), NOISE_MILLIS);
        assertThat(attacked)
                .allSatisfy((attack, delays) -> assertThat(delays.millis(99))
                        .as("p99 in milliseconds, %s", attack)
                        .isLessThanOrEqualTo(most));
        assertAttacked();
        assertThat(pids()).as("no process has ended").isEqualTo(pids);
        assertThat(second.pid()).isEqualTo(secondPid);
        Map<RoleName, Long> grown = residentMib();
        double engineGrewKib = RunningProcess.of(platform, RoleName.ENGINE).heapKibAfterCollection() - engineKib;
        double brokerGrewKib = RunningProcess.of(platform, RoleName.BROKER).heapKibAfterCollection() - brokerKib;
        System.out.printf(
                "resident MiB before %s, after %s; heap grew by %.0f KiB in the engine, %.0f KiB in the broker%n",
                resident, grown, engineGrewKib, brokerGrewKib);
        assertThat(grown)
                .allSatisfy((role, mib) -> assertThat(mib - resident.getOrDefault(role, 0L))
                        .as("MiB that %s grew by", role)
                        .isLessThan(GROWTH_MIB.getOrDefault(role, 0)));
        assertThat(engineGrewKib).isLessThan(HEAP_GROWTH_KIB);
        assertThat(brokerGrewKib).isLessThan(HEAP_GROWTH_KIB);
    }

    /** That it did each of these things, and met the limits. */
    private void assertAttacked() {
        assertThat(hostile.answers(Attack.FILTERS, "filter")).isGreaterThan(1_000);
        assertThat(hostile.answers(Attack.HISTORY, "page")).isPositive();
        assertThat(hostile.answers(Attack.CONNECTS, "CONNACK")).isGreaterThan(30);
        assertThat(hostile.answers(Attack.BLOCKS, "message")).isPositive();
        assertThat(hostile.answers(Attack.BEGINNINGS, "PUBACK 0x87")).isPositive();
        assertThat(hostile.answers(Attack.GROUPS, "RATE_LIMITED")).isPositive();
    }

    @Test
    @Order(2)
    void nothing_is_lost_when_a_node_and_the_engine_die_while_it_does_everything_at_once() throws Exception {
        long secondPid = second.pid();
        HostileAccount.Running running = hostile.start(List.of(Attack.values()), 2);
        try {
            Delays together = during(EACH);
            System.out.printf("%-15s %s%n", "all at once", together);

            second.kill();
            platform.kill(RoleName.ENGINE);
            long killedNanos = System.nanoTime();
            second.startAgain();
            platform.awaitReady(RoleName.ENGINE, BACK);
            System.out.printf("ready again after %.1f s%n", (System.nanoTime() - killedNanos) / 1e9);
            pairs.awaitAllGoOn(GO_ON_WITHIN);
            System.out.printf("all users go on after %.1f s%n", (System.nanoTime() - killedNanos) / 1e9);
        } finally {
            running.stop();
        }
        for (Attack attack : Attack.values()) {
            System.out.println(hostile.report(attack));
        }
        assertThat(second.pid()).isNotEqualTo(secondPid);
        pairs.assertClean(checks());
    }

    /** What its sessions hold goes after them, in slices: {@code HostileAccountTest} plays that hour. */
    @Test
    @Order(3)
    void the_state_has_no_row_of_what_it_invented_but_its_own_sessions_and_blocks() throws Exception {
        hostile.leave();

        // Members that are declined go within seconds.
        await().atMost(BACK).pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> {
            Set<String> keys = EngineRows.keys(platform);
            assertThat(keys).as("rows of users who are there").anyMatch(key -> key.startsWith("x|honest-0-a|"));
            assertThat(keys)
                    .filteredOn(key -> key.contains(HostileAccount.INVENTED)
                            && !OF_SESSIONS.matcher(key).matches())
                    .allMatch(key -> BLOCKED.matcher(key).matches())
                    .hasSizeLessThanOrEqualTo(SETTINGS_AN_HOUR);
        });
    }

    private ConversationChecks checks() {
        return new ConversationChecks(platform) {};
    }

    /** Lets that time pass, and tells how long messages took that were written in it. */
    private Delays during(Duration time) throws InterruptedException {
        long fromNanos = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
        return pairs.delays(fromNanos, System.nanoTime());
    }

    private ProcessorTime processorTime() {
        Map<String, Long> processes = new HashMap<>();
        pids().forEach((role, pid) -> processes.put(role.name().toLowerCase(Locale.ROOT), pid));
        processes.put("second broker", second.pid());
        processes.put("clients", ProcessHandle.current().pid());
        return new ProcessorTime(processes);
    }

    private Map<RoleName, Long> pids() {
        Map<RoleName, Long> pids = new EnumMap<>(RoleName.class);
        GROWTH_MIB.keySet().forEach(role -> pids.put(role, platform.pid(role)));
        return pids;
    }

    private Map<RoleName, Long> residentMib() throws IOException {
        Map<RoleName, Long> mib = new EnumMap<>(RoleName.class);
        for (RoleName role : GROWTH_MIB.keySet()) {
            mib.put(role, ResidentMemory.mib(platform.pid(role)));
        }
        return mib;
    }
}
