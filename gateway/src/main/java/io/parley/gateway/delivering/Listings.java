package io.parley.gateway.delivering;

import io.parley.gateway.CommandLog;
import io.parley.gateway.throttling.ListingThrottle;
import io.parley.gateway.throttling.Throttle;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Listed;
import io.parley.protocol.log.Summarize;
import io.parley.protocol.log.Summary;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Reply;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The pages of conversations that one connection asks for, one after the other. On its shard. */
final class Listings {
    static final long LIMIT_SECONDS = 20;
    /** The most conversations that are asked for one page: those on it, and those that are only counted. */
    static final int MOST_ASKED = 2_000;

    private record Open(Listing listing, Consumer<Reply> answer) {
        ListingRequest request() {
            return listing.request();
        }
    }

    private final DeviceSession session;
    private final UserId user;
    private final ListingThrottle throttle;
    private final CommandLog log;
    private final Shard shard;
    private final Deque<Open> waiting = new ArrayDeque<>();
    private @Nullable Open current;
    /** The user has asked for so much that the next page begins later. */
    private boolean paying;

    private int asked;

    /** @param throttle what the pages of each user may ask; a page beyond it waits */
    Listings(DeviceSession session, CommandLog log, Shard shard, ListingThrottle throttle) {
        this.session = session;
        this.user = session.link().device().user();
        this.throttle = throttle;
        this.log = log;
        this.shard = shard;
    }

    /**
     * Lists a page, when those that were asked for before are answered.
     *
     * @param answer called once on the shard, unless the connection ends before
     */
    void list(ListingRequest request, Consumer<Reply> answer) {
        waiting.add(new Open(new Listing(request), answer));
        if (current == null && !paying) {
            startNext();
        }
    }

    private void startNext() {
        current = null;
        if (waiting.isEmpty()) {
            return;
        }
        long millis = throttle.take(user, MOST_ASKED);
        if (millis != Throttle.NOW) {
            paying = true;
            shard.loop().schedule(this::paid, millis);
            return;
        }
        Open next = waiting.remove();
        current = next;
        asked = 0;
        log.append(
                user,
                UserCommand.newBuilder()
                        .setOrigin(session.origin())
                        .setRequestId(next.request().requestId())
                        .setListConversations(next.request().page())
                        .build(),
                failure -> appended(next, failure));
        shard.loop()
                .schedule(
                        () -> fail(next, ErrorCode.UNAVAILABLE, "not all conversations answered in time, try again"),
                        TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    }

    private void paid() {
        paying = false;
        startNext();
    }

    /** On any thread. */
    private void appended(Open open, @Nullable Exception failure) {
        if (failure != null) {
            shard.loop().execute(() -> fail(open, ErrorCode.UNAVAILABLE, "try again later"));
        }
    }

    private void fail(Open open, ErrorCode code, String reason) {
        end(
                open,
                Reply.newBuilder()
                        .setRequestId(open.request().requestId())
                        .setError(Error.newBuilder().setCode(code).setMessage(reason))
                        .build());
    }

    private void end(Open open, Reply reply) {
        if (open.equals(current)) {
            throttle.giveBack(user, MOST_ASKED - asked);
            open.answer().accept(reply);
            startNext();
        }
    }

    /** The user machine says which conversations are on the page. */
    void listed(Listed page) {
        Open open = open(page.getRequestId());
        if (open != null) {
            goOn(open, open.listing().listed(page));
        }
    }

    /** A conversation answers. */
    void summary(String conversation, Summary summary) {
        Open open = open(summary.getRequestId());
        if (open != null) {
            goOn(open, open.listing().answered(conversation, summary));
        }
    }

    /** The engine could not carry out a command of a listing. False when the reply is about something else. */
    boolean failed(Reply reply) {
        Open open = open(reply.getRequestId());
        if (open == null) {
            return false;
        }
        end(open, reply);
        return true;
    }

    private void goOn(Open open, Listing.Asking asking) {
        Summarize summarize =
                Summarize.newBuilder().setUnreadOnly(asking.unreadOnly()).build();
        asked += asking.conversations().size();
        asking.conversations()
                .forEach(conversation -> log.append(
                        ConversationId.parse(conversation),
                        ConversationCommand.newBuilder()
                                .setOrigin(session.origin())
                                .setRequestId(open.request().requestId())
                                .setSummarize(summarize)
                                .build(),
                        failure -> appended(open, failure)));
        if (open.listing().isComplete()) {
            end(open, open.listing().reply());
        }
    }

    private @Nullable Open open(String requestId) {
        Open open = current;
        return open != null && open.request().requestId().equals(requestId) ? open : null;
    }

    /** The connection ended. */
    void end() {
        waiting.clear();
        current = null;
    }
}
