package io.parley.standalone.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.standalone.HeldProcess;
import io.parley.standalone.Platform;
import io.parley.standalone.RoleName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * What happens to the participants, one fault after the other. After each, every client gets time to come back; one that does not is printed,
 * and the checks at the end tell what it missed.
 */
final class Faults {
    /** {@code -Dparley.test.losses=N} plays more. */
    static final int LOSSES = Integer.getInteger("parley.test.losses", 3);

    private static final long REFUSED_MILLIS = 300;
    private static final Duration KAFKA_HELD = Duration.ofSeconds(12);
    private static final Duration READY = Duration.ofMinutes(2);
    private static final Duration BACK = Duration.ofMinutes(1);
    private static final Set<RoleName> ALL = RoleName.usual();

    private final Platform.Options options;
    private final List<Participant> participants;
    private final List<Long> killsNanos = new ArrayList<>();
    private Platform platform;

    /** @param options how the platform was started */
    Faults(Platform platform, Platform.Options options, List<Participant> participants) {
        this.platform = platform;
        this.options = options;
        this.participants = List.copyOf(participants);
    }

    /** Each client loses the network {@link #LOSSES} times: every other time by a reset. All at once, each at its own pace. */
    void networkLosses() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> all = new ArrayList<>();
        for (Participant participant : participants) {
            all.add(threads.submit(() -> {
                for (int i = 0; i < LOSSES; i++) {
                    long accepted = participant.link().accepted();
                    participant.link().cut(i % 2 == 1);
                    TimeUnit.MILLISECONDS.sleep(REFUSED_MILLIS);
                    participant.link().mend();
                    awaitBack(participant, accepted, participant.link().acknowledged());
                }
                return null;
            }));
        }
        threads.shutdown();
        for (Future<?> one : all) {
            one.get();
        }
    }

    void nodeKilled() throws Exception {
        Counts before = new Counts();
        killsNanos.add(System.nanoTime());
        platform.kill(RoleName.BROKER);
        platform.awaitReady(RoleName.BROKER, READY);
        before.awaitBack(true);
    }

    void kafkaHangs() throws IOException {
        Counts before;
        try (HeldProcess kafka = HeldProcess.hold(platform.pid(RoleName.KAFKA))) {
            TimeUnit.NANOSECONDS.sleep(KAFKA_HELD.toNanos());
            assertThat(kafka.isStopped()).isTrue();
            before = new Counts();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        before.awaitBack(false);
    }

    void kafkaKilled() throws Exception {
        platform.kill(RoleName.KAFKA);
        platform.awaitReady(RoleName.KAFKA, READY);
        new Counts().awaitBack(false);
    }

    /** Every process is killed, and a new platform is started on the same data and ports. */
    void everythingKilled() throws Exception {
        Counts before = new Counts();
        killsNanos.add(System.nanoTime());
        ALL.forEach(platform::hold);
        // At once: what a node was told after the log was gone would come again. Then each is seen to be gone.
        ALL.stream()
                .map(platform::pid)
                .map(ProcessHandle::of)
                .forEach(process -> process.ifPresent(ProcessHandle::destroyForcibly));
        ALL.forEach(platform::kill);
        platform.close();
        platform = Platform.start(options);
        before.awaitBack(true);
    }

    /** The platform that runs now. */
    Platform platform() {
        return platform;
    }

    /** When a broker node was killed. */
    List<Long> killsNanos() {
        return killsNanos;
    }

    private static void awaitBack(Participant participant, long accepted, long acknowledged) {
        int connections = participant.library().connections();
        try {
            Awaitility.await()
                    .atMost(BACK)
                    .until(() -> participant.link().accepted() >= accepted + connections
                            && participant.link().acknowledged() > acknowledged);
        } catch (ConditionTimeoutException e) {
            System.out.println(participant.library() + " did not come back within " + BACK);
        }
    }

    /** What was counted before a fault. */
    private final class Counts {
        private final Map<Participant, Long> accepted = new java.util.HashMap<>();
        private final Map<Participant, Long> acknowledged = new java.util.HashMap<>();

        Counts() {
            for (Participant participant : participants) {
                accepted.put(participant, participant.link().accepted());
                acknowledged.put(participant, participant.link().acknowledged());
            }
        }

        /** @param reconnected whether every connection was lost */
        void awaitBack(boolean reconnected) {
            for (Participant participant : participants) {
                long connections = reconnected ? 0 : participant.library().connections();
                Faults.awaitBack(
                        participant,
                        accepted.getOrDefault(participant, 0L) - connections,
                        acknowledged.getOrDefault(participant, 0L));
            }
        }
    }
}
