package io.parley.gateway.publishing;

import io.parley.protocol.MalformedPayload;
import io.parley.protocol.PublishTopic;
import io.parley.protocol.UserId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The publications of one connection, in their order: each takes the steps parse, throttle, rights, plugins' filters, attachments, log; then the next follows, and each
 * is acknowledged when all before it are. What cannot be taken now is not refused: the connection is read no further, and after
 * {@value #PATIENCE_MILLIS} ms it ends, so that the device keeps what it published. On the connection's shard.
 */
public final class Publishing {
    /** The most publications that wait for their outcome; a device may have as many un-acknowledged. */
    public static final int MAX_OPEN = 100;

    private static final int RESUME_AT = 50;
    static final long PATIENCE_MILLIS = 30_000;

    private final Publisher publisher;
    private final UserId user;
    private final List<Step> steps;
    private final Deque<Incoming> open = new ArrayDeque<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    /** The publication that is between two steps, or what waits for its turn: the next one waits. */
    private @Nullable Object stepping;

    private boolean advancing;
    private boolean paused;
    private boolean failed;
    private @Nullable Runnable drained;

    /**
     * @param publisher the transport's side
     * @param chat what becomes of messages, receipts and typing
     * @param requests takes what is published on the user's request topic
     */
    public Publishing(Publisher publisher, UserId user, ChatSteps chat, Requests requests) {
        this.publisher = publisher;
        this.user = user;
        this.steps = List.of(
                chat::parse,
                (incoming, next) -> new Waiting(publisher, this).until(() -> chat.throttle(user, incoming), next),
                chat::rights,
                chat::filters,
                chat::attachments,
                (incoming, next) -> log(chat, requests, incoming, next));
    }

    /** Takes the requests of a device. */
    public interface Requests {
        /** Handles one, and settles it. */
        void take(Incoming request) throws MalformedPayload;
    }

    private void log(ChatSteps chat, Requests requests, Incoming incoming, Runnable next) throws MalformedPayload {
        if (incoming.topic() instanceof PublishTopic.Request) {
            requests.take(incoming);
            next.run();
        } else {
            new Waiting(publisher, this).until(() -> chat.append(incoming), next);
        }
    }

    /** Takes a publication when it is its turn. */
    public void take(Submission submission) {
        PublishTopic topic = PublishTopic.parse(submission.topic(), user);
        afterwards(() -> {
            Incoming incoming = new Incoming(this, topic, submission);
            open.add(incoming);
            step(incoming, 0);
        });
    }

    /** Runs a task when everything before it has passed the pipeline. */
    public void afterwards(Runnable task) {
        waiting.add(task);
        advance();
    }

    /**
     * Runs a task when everything before it has passed the pipeline and an attempt succeeds. Until then the connection is read no further.
     *
     * When the transport has gone, it runs at once or not at all.
     *
     * @param attempt returns 0 when the task may run, or how many milliseconds to wait before the next attempt
     */
    public void inTurn(LongSupplier attempt, Runnable task) {
        afterwards(() -> {
            if (drained != null) {
                if (attempt.getAsLong() == 0) {
                    task.run();
                }
                return;
            }
            Object turn = new Object();
            stepping = turn;
            new Waiting(publisher, this).until(attempt, () -> {
                if (stepping == turn) {
                    stepping = null;
                    task.run();
                    advance();
                }
            });
        });
    }

    /** The transport has gone: what was read from it still takes its way, unacknowledged. Then the task runs. */
    public void drain(Runnable done) {
        drained = done;
        if (publisher.isClosing()) {
            waiting.clear();
            stepping = null;
        } else if (!(stepping instanceof Incoming)) {
            // What waited for its turn is nobody's any more.
            stepping = null;
        }
        advance();
    }

    private void step(Incoming incoming, int index) {
        if (index == steps.size()) {
            stepping = null;
            advance();
            return;
        }
        stepping = incoming;
        try {
            steps.get(index).run(incoming, () -> {
                if (stepping == incoming) {
                    step(incoming, index + 1);
                }
            });
        } catch (MalformedPayload e) {
            incoming.refuse(e.isTooLarge() ? Outcome.TOO_LARGE : Outcome.MALFORMED, e.getMessage());
        }
    }

    void settled() {
        if (stepping instanceof Incoming incoming && incoming.outcome() != null) {
            stepping = null;
        }
        for (Incoming first = open.peek(); first != null && first.outcome() != null; first = open.peek()) {
            open.remove();
            if (!publisher.isClosing()) {
                publisher.acknowledge(first);
            }
        }
        advance();
    }

    /** One could not be put into the log: nothing after it may be acknowledged. */
    void failed() {
        failed = true;
        waiting.clear();
        open.clear();
        stepping = null;
        publisher.busy("what was published cannot be stored now, send it again");
        advance();
    }

    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        while (!waiting.isEmpty() && stepping == null && open.size() < MAX_OPEN && !isOver()) {
            waiting.remove().run();
        }
        advancing = false;
        adjustReading();
        Runnable done = drained;
        if (done != null && (isOver() || (waiting.isEmpty() && open.isEmpty()))) {
            drained = null;
            done.run();
        }
    }

    /** Nothing more is taken into the log. */
    boolean isOver() {
        return failed || publisher.isClosing();
    }

    private void adjustReading() {
        if (open.size() >= MAX_OPEN || stepping != null) {
            // Each time: the transport may have turned reading on by itself.
            paused = true;
            publisher.read(false);
        } else if (paused && waiting.isEmpty() && open.size() <= RESUME_AT) {
            paused = false;
            publisher.read(true);
        }
    }
}
