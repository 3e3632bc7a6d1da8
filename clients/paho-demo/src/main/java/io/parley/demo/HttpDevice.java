package io.parley.demo;

import io.parley.protocol.DeviceId;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A device that calls: it sends by single calls, one after the other for each topic, and polls for what comes. What came is acknowledged by the next poll, which brings its
 * cursor; the device keeps the cursor from one connection to the next. A connection is a chain of polls, one at a time.
 */
final class HttpDevice implements Device {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int WAIT_SECONDS = 25;
    private static final long PAUSE_MILLIS = 500;
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int CONFLICT = 409;
    private static final int ERRORS = 400;

    private final DeviceId id;
    private final Listener listener;
    private final HttpCalls calls;
    private final Set<String> topics = ConcurrentHashMap.newKeySet();
    private final Map<String, CompletableFuture<Void>> lastOfPath = new ConcurrentHashMap<>();
    private volatile String cursor = "";
    private volatile Connection connection = new Connection(0);
    /** The last poll of a connection that ended in order: the next connection's first poll comes behind it. */
    private volatile CompletableFuture<Void> goodbye = CompletableFuture.completedFuture(null);

    HttpDevice(HttpClient http, DemoTarget target, DeviceId id, Listener listener) {
        this.id = id;
        this.listener = listener;
        this.calls = new HttpCalls(http, target, id.user());
    }

    @Override
    public DeviceId id() {
        return id;
    }

    @Override
    public void connect(boolean cleanStart) throws DeviceException {
        if (cleanStart) {
            throw new DeviceException(id + " polls: it can only go on where it was");
        }
        connection.end();
        Connection next = new Connection(connection.number + 1);
        next.open();
        connection = next;
    }

    @Override
    public void connectOnce() {
        // A single call needs no connection.
    }

    /** Takes topics without wildcards. */
    @Override
    public void subscribe(String... filters) throws DeviceException {
        for (String filter : filters) {
            if (filter.contains("#") || filter.contains("+")) {
                throw new DeviceException(id + " polls: it is told of topics, not of " + filter);
            }
        }
        topics.addAll(Set.of(filters));
        connection.begin();
    }

    @Override
    public CompletableFuture<Void> publish(String topic, byte[] payload) {
        String path = path(topic);
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        CompletableFuture<Void> done = new CompletableFuture<>();
        lastOfPath.compute(path, (key, last) -> {
            CompletableFuture<Void> before = last == null ? CompletableFuture.completedFuture(null) : last;
            var unused = before.whenComplete((over, failure) -> post(path, payload, deadlineNanos, done));
            return done;
        });
        return done;
    }

    @Override
    public void tell(String topic, byte[] payload) {
        var unused = calls.post(path(topic), payload);
    }

    private String path(String topic) {
        String[] levels = topic.split("/", -1);
        if (levels.length != 3 || !levels[0].equals("chat")) {
            throw new IllegalArgumentException("nothing of this device goes to " + topic);
        }
        String feed = levels[2].equals("msg") ? "messages" : levels[2];
        return "/v1/conversations/" + levels[1] + "/" + feed + "?device=" + id.name();
    }

    /** Posts it, and again while the service cannot take it: with the same id it is the same message. */
    private void post(String path, byte[] payload, long deadlineNanos, CompletableFuture<Void> done) {
        var unused = calls.post(path, payload).whenComplete((answer, failure) -> {
            if (answer != null && answer.statusCode() < ERRORS) {
                done.complete(null);
                return;
            }
            OptionalLong again = answer == null ? OptionalLong.of(PAUSE_MILLIS) : HttpCalls.againMillis(answer);
            if (again.isPresent() && System.nanoTime() < deadlineNanos) {
                later(again.getAsLong(), () -> post(path, payload, deadlineNanos, done));
            } else {
                done.completeExceptionally(failed("POST " + path, answer, failure));
            }
        });
    }

    private static void later(long millis, Runnable task) {
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(task);
    }

    private DeviceException failed(String call, @Nullable HttpResponse<byte[]> answer, @Nullable Throwable failure) {
        return answer == null
                ? new DeviceException(id + ": " + call + " failed: " + failure)
                : new DeviceException(
                        id + ": " + call + " answered " + answer.statusCode() + " "
                                + new String(answer.body(), StandardCharsets.UTF_8),
                        answer.statusCode());
    }

    private CompletableFuture<HttpResponse<byte[]>> poll(int waitSeconds) {
        String path = "/v1/poll?device=" + id.name() + "&wait=" + waitSeconds;
        return calls.get(cursor.isEmpty() ? path : path + "&cursor=" + cursor, PATIENCE.plusSeconds(waitSeconds));
    }

    @Override
    public void disconnect() {
        connection.end();
        // Acknowledges what came and takes the place of the poll that waits. What it is answered with comes again.
        goodbye = poll(0).thenAccept(answer -> {}).exceptionally(failure -> null);
    }

    @Override
    public void close() {
        connection.end();
    }

    /** One chain of polls. */
    private final class Connection {
        private final int number;
        private volatile boolean wanted = true;
        private @Nullable HttpResponse<byte[]> first;

        Connection(int number) {
            this.number = number;
        }

        /** The first poll, which waits for nothing: when it is answered, the device has its session. */
        void open() throws DeviceException {
            long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                HttpResponse<byte[]> answer = answer(deadlineNanos);
                OptionalLong again = HttpCalls.againMillis(answer);
                if (again.isEmpty() && answer.statusCode() >= ERRORS) {
                    throw failed("a poll", answer, null);
                }
                if (again.isEmpty()) {
                    first = answer;
                    return;
                }
                if (System.nanoTime() > deadlineNanos) {
                    throw failed("a poll", answer, null);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(again.getAsLong()));
            }
        }

        private HttpResponse<byte[]> answer(long deadlineNanos) throws DeviceException {
            try {
                return goodbye.thenCompose(over -> poll(0))
                        .get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new DeviceException(id + " cannot poll: " + e, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DeviceException("interrupted", e);
            }
        }

        /** Hands what the first poll brought, and polls on. */
        void begin() {
            HttpResponse<byte[]> answer = first;
            first = null;
            if (answer != null) {
                took(answer);
            }
        }

        void end() {
            wanted = false;
        }

        private void next() {
            if (wanted) {
                var unused = poll(WAIT_SECONDS).whenComplete((answer, failure) -> {
                    if (!wanted) {
                        return;
                    }
                    if (answer == null) {
                        lost("a poll failed: " + failure);
                    } else {
                        took(answer);
                    }
                });
            }
        }

        private void took(HttpResponse<byte[]> answer) {
            OptionalLong again = HttpCalls.againMillis(answer);
            if (again.isPresent()) {
                later(again.getAsLong(), this::next);
                return;
            }
            switch (answer.statusCode()) {
                case OK -> {
                    // What came before was covered by the cursor that was asked with.
                    listener.acknowledged(number);
                    try {
                        hand(PollAnswer.parse(answer.body()));
                    } catch (IllegalArgumentException e) {
                        lost("a poll's answer cannot be read: " + e.getMessage());
                    }
                    next();
                }
                case NO_CONTENT -> {
                    listener.acknowledged(number);
                    next();
                }
                case CONFLICT -> {
                    wanted = false;
                    listener.replaced();
                }
                default -> lost("a poll was answered with " + answer.statusCode());
            }
        }

        private void hand(PollAnswer answer) {
            for (PollAnswer.Event event : answer.events()) {
                if (topics.contains(event.topic())) {
                    listener.received(number, event.topic(), event.payload());
                }
            }
            cursor = answer.cursor();
        }

        private void lost(String reason) {
            wanted = false;
            listener.lost(reason);
        }
    }
}
