package io.parley.standalone.libraries;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Numbered messages of every participant, all the time: each is handed to its library once. */
final class Traffic implements AutoCloseable {
    private static final long EVERY_MILLIS = 700;
    /** Of so many messages one goes to a single user, the others to the group. */
    private static final int DIRECT_EVERY = 4;

    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final Map<String, String> handed = new ConcurrentHashMap<>();

    private Traffic() {}

    static Traffic of(List<Participant> participants) {
        Traffic traffic = new Traffic();
        for (Participant participant : participants) {
            int[] number = {0};
            var unused = traffic.clock.scheduleAtFixedRate(
                    () -> traffic.next(participant, ++number[0]), 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
        return traffic;
    }

    private void next(Participant participant, int number) {
        String id = participant.library().title() + "-" + number;
        boolean direct = number % DIRECT_EVERY == 0;
        String topic = direct ? participant.seat().direct() : participant.seat().group();
        handed.put(id, topic);
        participant.client().publish(topic, "{\"id\":\"%s\",\"text\":\"%s number %d\"}".formatted(id, id, number));
    }

    /** Ends it; what was handed to the libraries so far is all. */
    void stop() throws InterruptedException {
        clock.shutdown();
        if (!clock.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("a library does not take a message for a minute");
        }
    }

    /** The ids of the messages that a library took, each with its topic. */
    Map<String, String> handedBy(Library library) {
        Map<String, String> ids = new TreeMap<>(handed);
        ids.keySet().removeIf(id -> !id.matches(library.title() + "-\\d+"));
        return ids;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
