package io.parley.history;

import static io.parley.history.HistoryServer.named;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.parley.history.polling.CursorSeal;
import io.parley.history.polling.Happening;
import io.parley.history.polling.Reader.Ending;
import io.parley.identity.Verification;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What comes to a device: {@code GET /v1/poll} and {@code GET /v1/events}. A call that waits holds no thread. */
final class PollRoutes implements Routes {
    private static final long DEFAULT_WAIT_SECONDS = 30;
    private static final long MAX_WAIT_SECONDS = 60;

    private final Askers askers;
    private final ChatSource chats;
    private final CursorSeal seal;
    private final Duration stream;
    private final Executor answering;

    /**
     * @param seal reads the cursors
     * @param stream the longest that a stream lasts
     * @param answering writes answers
     */
    PollRoutes(Askers askers, ChatSource chats, CursorSeal seal, Duration stream, Executor answering) {
        this.askers = askers;
        this.chats = chats;
        this.seal = seal;
        this.stream = stream;
        this.answering = answering;
    }

    @Override
    public void add(RoutesConfig routes) {
        routes.get("/v1/poll", named("poll", this::poll));
        routes.get("/v1/events", named("events", this::events));
    }

    private void poll(Context context) {
        Verification.Verified asker = askers.verified(context);
        DeviceId device = device(context, asker);
        Map<ConversationId, Integer> has = has(device, context.queryParam("cursor"));
        Duration wait = untilTheTokenEnds(asker, Duration.ofSeconds(seconds(context.queryParam("wait"))));
        Chat chat = chats.require();
        PollCall call = new PollCall(wait, (ended, ending) -> chat.polls().over(device, ended, ending));
        context.future(() -> {
            chat.polls().wait(device, asker.issuedAt().toEpochMilli(), has, call);
            return call.outcome().thenAcceptAsync(outcome -> answer(context, outcome), answering);
        });
    }

    private static void answer(Context context, PollCall.Outcome outcome) {
        context.header("Cache-Control", "no-store");
        Ending ending = outcome.ending();
        if (ending == null) {
            context.contentType("application/json").result(json(outcome.happenings(), outcome.cursor()));
        } else if (ending == Ending.TIME) {
            context.status(204);
        } else {
            throw refusal(ending);
        }
    }

    private void events(Context context) {
        Verification.Verified asker = askers.verified(context);
        DeviceId device = device(context, asker);
        String last = context.header("Last-Event-ID");
        Map<ConversationId, Integer> has = has(device, last == null ? context.queryParam("cursor") : last);
        Duration longest = untilTheTokenEnds(asker, stream);
        Chat chat = chats.require();
        context.future(() -> {
            EventStream events = EventStream.open(
                    context,
                    longest,
                    () -> chat.polls().ready(device),
                    (ended, ending) -> chat.polls().over(device, ended, ending));
            chat.polls().wait(device, asker.issuedAt().toEpochMilli(), has, events);
            return events.done();
        });
    }

    static Refusal refusal(Ending ending) {
        return switch (ending) {
            case REPLACED -> Refusal.conflict("a newer call of this device has begun");
            case TAKEN_OVER -> Refusal.conflict("the device connected elsewhere");
            case REMOVED -> Refusal.notAllowed("the device was removed by its user");
            case TOKEN_REVOKED -> Refusal.noToken();
            case TOO_MANY_DEVICES -> Refusal.notAllowed("the user has 20 devices: remove one with removeDevice");
            case TOO_OFTEN -> Refusal.tooMuch();
            case FULL -> Refusal.noLog("too many devices are connected here, try again");
            case TIME, UNAVAILABLE -> Refusal.noLog();
        };
    }

    private static DeviceId device(Context context, Verification.Verified asker) {
        String name = context.queryParam("device");
        if (name == null) {
            throw Refusal.bad("device is missing: name the device that asks");
        }
        return Askers.device(asker.user(), name);
    }

    private Map<ConversationId, Integer> has(DeviceId device, @Nullable String cursor) {
        return cursor == null
                ? Map.of()
                : seal.read(device, cursor)
                        .orElseThrow(() -> Refusal.bad("cursor is none that this device was given: ask without one"));
    }

    private static long seconds(@Nullable String wait) {
        if (wait == null) {
            return DEFAULT_WAIT_SECONDS;
        }
        try {
            long seconds = Long.parseLong(wait);
            if (seconds >= 0 && seconds <= MAX_WAIT_SECONDS) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw Refusal.bad("wait must be a whole number of seconds from 0 to " + MAX_WAIT_SECONDS);
    }

    private static Duration untilTheTokenEnds(Verification.Verified asker, Duration most) {
        Duration left = Duration.between(Instant.now(), asker.expiresAt());
        return left.compareTo(most) < 0 ? left : most;
    }

    private static byte[] json(List<Happening> happenings, String cursor) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        json.writeBytes(("{\"cursor\":\"" + cursor + "\",\"events\":[").getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < happenings.size(); i++) {
            if (i > 0) {
                json.write(',');
            }
            write(happenings.get(i), json);
        }
        json.writeBytes(new byte[] {']', '}'});
        return json.toByteArray();
    }

    /** Writes one happening; no topic has a character that JSON would escape. */
    static void write(Happening happening, ByteArrayOutputStream json) {
        json.writeBytes(("{\"topic\":\"" + happening.topic() + "\",\"payload\":").getBytes(StandardCharsets.US_ASCII));
        json.writeBytes(happening.payload());
        json.write('}');
    }
}
