package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.standalone.SessionClient.Opening;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One user who, on many connections at two nodes, asks for as much as the nodes take. Everything that it invents has a name that begins with {@value #INVENTED}. */
final class HostileAccount {
    static final String INVENTED = "invented";

    /** What it does, over and over. */
    enum Attack {
        /** SUBSCRIBE to conversations with users who do not exist, to as many as a session may have; then to everything, again and again. */
        FILTERS(Integer.MAX_VALUE),
        /** The largest pages of history. */
        HISTORY(Integer.MAX_VALUE),
        /** CONNECT, with sessions that last and sessions that do not, of more devices than a user may have. */
        CONNECTS(1),
        /** Blocks of users who do not exist, and their ends. */
        BLOCKS(Integer.MAX_VALUE),
        /** First messages to users who do not exist. */
        BEGINNINGS(Integer.MAX_VALUE),
        /** Groups of users who do not exist. */
        GROUPS(Integer.MAX_VALUE);

        private final int ofAConnection;

        Attack(int ofAConnection) {
            this.ofAConnection = ofAConnection;
        }
    }

    private static final int FILTERS_OF_A_PACKET = 100;
    private static final int PACKETS_OF_A_SESSION = 20;
    private static final int FILTERS = 100_000;
    private static final int MEMBERS = 1_000;
    private static final int PAGES_AT_ONCE = 30;
    private static final int REQUESTS_AT_ONCE = 100;
    private static final int PAGE = 200;
    private static final int LARGE_BYTES = 100 * 1024;
    private static final int LARGE_MESSAGES = 100;
    private static final int DEVICE_NAMES = 40;
    private static final int EXPIRY_SECONDS = 600;
    private static final long PAUSE_MILLIS = 50;
    private static final long LIMIT_SECONDS = 40;
    private static final Pattern DEVICE = Pattern.compile("\"device\":\"([^\"]+)\"");

    private final UserId user;
    private final ConversationId large;
    private final List<Login> nodes;
    private final Map<Attack, AtomicInteger> numbers = new ConcurrentHashMap<>();
    private final Map<Attack, Map<String, LongAdder>> answers = new ConcurrentHashMap<>();
    private final Set<HostileDevice> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(new FarAwayThreads("hostile"));

    private HostileAccount(UserId user, UserId other, List<Login> nodes) {
        this.user = user;
        this.large = ConversationId.direct(user, other);
        this.nodes = List.copyOf(nodes);
        for (Attack attack : Attack.values()) {
            numbers.put(attack, new AtomicInteger());
            answers.put(attack, new ConcurrentSkipListMap<>());
        }
    }

    /** With a conversation of large messages. */
    static HostileAccount prepare(Platform platform, SecondNode second, UserId user, UserId other) throws IOException {
        Login login = Login.of(platform, user, "d0");
        HostileAccount account = new HostileAccount(user, other, List.of(login, second.at(login)));
        String text = "x".repeat(LARGE_BYTES);
        try (SessionClient known = SessionClient.connect(Login.of(platform, other, "phone"), Opening.v5(true, 0));
                SessionClient writer = SessionClient.connect(login, Opening.v5(true, 0))) {
            for (int i = 0; i < LARGE_MESSAGES; i++) {
                int reason = writer.publishAndWait(
                        "chat/" + account.large + "/msg", "{\"id\":\"m%d\",\"text\":\"%s\"}".formatted(i, text));
                assertThat(reason).isZero();
            }
            writer.disconnect();
            known.disconnect();
        }
        return account;
    }

    ConversationId large() {
        return large;
    }

    int largeMessages() {
        return LARGE_MESSAGES;
    }

    /** Attacks that go on until they are stopped. */
    final class Running {
        private final CountDownLatch over = new CountDownLatch(1);
        private final List<Future<?>> connections = new ArrayList<>();

        private Running(List<Attack> attacks, int connectionsOfEach) {
            for (int i = 0; i < attacks.size() * connectionsOfEach; i++) {
                Attack attack = attacks.get(i / connectionsOfEach);
                Login login = nodes.get(i % nodes.size());
                String device = "d" + i;
                connections.add(threads.submit(() -> goOn(attack, login, device)));
            }
        }

        private boolean isOver() {
            return over.getCount() == 0;
        }

        private void goOn(Attack attack, Login login, String name) {
            while (!isOver()) {
                try (HostileDevice device = connect(attack, login, name)) {
                    // Either this one sees that it is over, or whoever ends it sees this one.
                    open.add(device);
                    if (!isOver()) {
                        actOn(attack, device);
                    }
                    open.remove(device);
                } catch (IOException e) {
                    pause();
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        private void actOn(Attack attack, HostileDevice device) throws IOException, InterruptedException {
            device.awaitLetIn(threads);
            if (attack != Attack.CONNECTS) {
                device.subscribe(List.of("user/" + user + "/reply"));
            }
            for (int i = 0; attack == Attack.FILTERS && i < PACKETS_OF_A_SESSION && !isOver(); i++) {
                device.subscribe(filters(numbers(attack).getAndIncrement()));
            }
            for (int i = 0; i < attack.ofAConnection && !isOver(); i++) {
                once(attack, device);
            }
        }

        private void pause() {
            try {
                var unused = over.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** All connections are cut. */
        void stop() throws Exception {
            over.countDown();
            for (HostileDevice device : open) {
                device.close();
            }
            open.clear();
            for (Future<?> connection : connections) {
                connection.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /** Starts so many connections for each attack, alternately at the two nodes. */
    Running start(List<Attack> attacks, int connectionsOfEach) {
        return new Running(attacks, connectionsOfEach);
    }

    private HostileDevice connect(Attack attack, Login login, String name) throws IOException {
        if (attack != Attack.CONNECTS) {
            return HostileDevice.open(
                    named(login, name),
                    // One session with as many filters as may be is enough for each: what is left of it goes slowly.
                    attack != Attack.FILTERS,
                    EXPIRY_SECONDS,
                    answer -> count(attack, answer),
                    attack == Attack.HISTORY ? PAGES_AT_ONCE : REQUESTS_AT_ONCE);
        }
        int number = numbers(attack).get();
        return HostileDevice.open(
                named(login, "c" + number % DEVICE_NAMES),
                number % 3 == 0,
                number % 2 * EXPIRY_SECONDS,
                answer -> count(attack, answer),
                REQUESTS_AT_ONCE);
    }

    private Login named(Login login, String device) {
        return login.withClientId(user + "/" + device);
    }

    private AtomicInteger numbers(Attack attack) {
        return numbers.getOrDefault(attack, new AtomicInteger());
    }

    private void count(Attack attack, String answer) {
        answers.getOrDefault(attack, Map.of())
                .computeIfAbsent(answer, key -> new LongAdder())
                .increment();
    }

    private void once(Attack attack, HostileDevice device) throws IOException, InterruptedException {
        int number = numbers(attack).getAndIncrement();
        String requests = "user/" + user + "/request";
        switch (attack) {
            case FILTERS -> {
                device.subscribe(List.of("chat/#"));
                device.unsubscribe("chat/#");
            }
            case HISTORY ->
                device.ask(
                        requests,
                        "{\"requestId\":\"h%d\",\"history\":{\"conversation\":\"%s\",\"limit\":%d}}"
                                .formatted(number, large, PAGE));
            case CONNECTS -> {
                if (number % 2 == 0) {
                    device.leave();
                }
            }
            case BLOCKS ->
                device.ask(
                        requests,
                        "{\"requestId\":\"b%d\",\"%s\":{\"user\":\"%s%d\"}}"
                                .formatted(number, number % 2 == 0 ? "block" : "unblock", INVENTED, number / 4));
            case BEGINNINGS ->
                device.publish(
                        "chat/@" + INVENTED + number + "/msg", "{\"id\":\"f%d\",\"text\":\"t\"}".formatted(number));
            case GROUPS -> device.ask(requests, group(number));
        }
    }

    private static List<String> filters(int number) {
        return IntStream.range(0, FILTERS_OF_A_PACKET)
                .map(i -> (number * FILTERS_OF_A_PACKET + i) % FILTERS)
                .mapToObj(i -> "chat/@" + INVENTED + i + (i % 10 == 0 ? "/#" : "/msg"))
                .toList();
    }

    private static String group(int number) {
        String members = IntStream.range(0, MEMBERS)
                .mapToObj(i -> "\"" + INVENTED + (number * MEMBERS + i) + "\"")
                .collect(Collectors.joining(","));
        return "{\"requestId\":\"g%d\",\"createGroup\":{\"name\":\"g\",\"members\":[%s]}}".formatted(number, members);
    }

    /** How often it did that, all connections together. */
    int count(Attack attack) {
        return numbers(attack).get();
    }

    /** How many answers of that kind there were. */
    long answers(Attack attack, String kind) {
        LongAdder count = answers.getOrDefault(attack, Map.of()).get(kind);
        return count == null ? 0 : count.sum();
    }

    String report(Attack attack) {
        return "%s: %d, answers %s".formatted(attack, count(attack), answers.get(attack));
    }

    /** Ends every session that is left. */
    void leave() throws IOException {
        try (SessionClient last = SessionClient.connect(nodes.get(0), Opening.v5(true, 0))) {
            last.subscribe("user/" + user + "/reply");
            last.publish("user/" + user + "/request", "{\"requestId\":\"devices\",\"listDevices\":{}}");
            Publish listed = last.awaitMessage("devices");
            last.acknowledge(listed);
            List<String> devices = DEVICE.matcher(listed.payload())
                    .results()
                    .map(device -> device.group(1))
                    .filter(device -> !device.equals("d0"))
                    .toList();
            for (String device : devices) {
                last.publish(
                        "user/" + user + "/request",
                        "{\"requestId\":\"remove-%s\",\"removeDevice\":{\"device\":\"%s\"}}".formatted(device, device));
                Publish answer = last.awaitMessage("remove-" + device);
                last.acknowledge(answer);
                // Its session may have ended by itself.
                assertThat(answer.payload()).containsAnyOf("\"ok\"", "NOT_FOUND");
            }
            last.disconnect();
        }
        threads.shutdown();
    }
}
