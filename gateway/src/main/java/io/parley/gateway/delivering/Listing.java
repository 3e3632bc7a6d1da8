package io.parley.gateway.delivering;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.parley.protocol.log.Listed;
import io.parley.protocol.log.Muted;
import io.parley.protocol.log.Summary;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The parts of one page of a user's conversations, as they come. The engine says which conversations are on the page; each of them is asked for its
 * summary, a slice at a time, and answers when it likes. A summary that makes the page too large ends the page before the last one that is there: no more than
 * one page is ever held.
 *
 * <p>When the page is complete, what is unread elsewhere is added up. Of most conversations the engine told it with the page. The others are asked, a slice
 * at a time, too; of their answers only the sum is held.
 */
final class Listing {
    /** The last time that a timestamp can be: 9999-12-31T23:59:59Z. */
    private static final Timestamp FOR_EVER =
            Timestamp.newBuilder().setSeconds(253_402_300_799L).build();

    /** How many conversations are asked at first: each may answer with 70 kB. */
    static final int FIRST_SLICE = 50;

    /** How many times as many are asked next, when the page still has room. */
    static final int GROWTH = 4;

    /**
     * Which conversations are to be asked now.
     *
     * @param unreadOnly whether only for what is unread there
     */
    record Asking(List<String> conversations, boolean unreadOnly) {
        static final Asking NOBODY = new Asking(List.of(), false);
    }

    private record Part(ConversationSummary summary, int bytes) {}

    private final ListingRequest request;
    private final Map<String, Integer> places = new HashMap<>();
    private final TreeMap<Integer, Part> parts = new TreeMap<>();
    private final TreeSet<Integer> unanswered = new TreeSet<>();
    private List<String> ids = List.of();
    private boolean listed;
    private boolean more;
    /** Those before it were asked. */
    private int asked;
    /** The page ends before it. */
    private int end;

    private int slice = FIRST_SLICE;
    private int bytes;

    /** For each place: what is unread there, plus 1; 0: only the conversation knows. */
    private int[] told = {};

    private final Map<String, Muted> muted = new HashMap<>();
    private List<String> uncertain = List.of();
    private int uncertainAsked;
    private final Set<String> uncertainUnanswered = new HashSet<>();
    /** What is unread in conversations that are not on the page. */
    private int elsewhere;

    Listing(ListingRequest request) {
        this.request = request;
    }

    ListingRequest request() {
        return request;
    }

    /** The engine says which conversations are on the page. Returns those to ask now. */
    Asking listed(Listed page) {
        if (listed) {
            return Asking.NOBODY;
        }
        listed = true;
        ids = List.copyOf(page.getConversationsList());
        told = new int[ids.size()];
        more = page.getMore();
        end = ids.size();
        for (int place = 0; place < end; place++) {
            places.put(ids.get(place), place);
            told[place] = place < page.getUnreadCount() ? page.getUnread(place) : 0;
        }
        page.getMutedList().forEach(one -> muted.put(one.getConversation(), one));
        uncertain = List.copyOf(page.getUncertainList());
        elsewhere = page.getUnreadElsewhere();
        return next();
    }

    /** A conversation answers. Returns those to ask now. */
    Asking answered(String conversation, Summary answer) {
        Integer place = places.get(conversation);
        if (place != null && unanswered.remove(place)) {
            take(place, answer);
        } else if (uncertainUnanswered.remove(conversation)) {
            elsewhere += answer.getSummary().getUnread();
        } else {
            return Asking.NOBODY;
        }
        if (!unanswered.headSet(end).isEmpty() || !uncertainUnanswered.isEmpty()) {
            return Asking.NOBODY;
        }
        slice *= GROWTH;
        return next();
    }

    private void take(int place, Summary answer) {
        told[place] = 1 + answer.getSummary().getUnread();
        if (answer.hasSummary() && place < end) {
            ConversationSummary summary = withMute(answer.getSummary());
            Part part = new Part(summary, request.size(summary));
            parts.put(place, part);
            bytes += part.bytes();
            shorten();
        }
    }

    /** How the user muted a conversation, only the user's machine knows. */
    private ConversationSummary withMute(ConversationSummary summary) {
        Muted mute = muted.get(summary.getId());
        if (mute == null) {
            return summary;
        }
        Timestamp until = mute.getUntilMillis() < 0 ? FOR_EVER : Timestamps.fromMillis(mute.getUntilMillis());
        return summary.toBuilder()
                .setMutedUntil(until)
                .setExceptMentions(mute.getExceptMentions())
                .build();
    }

    /** One stays, however large it is: a page of none would be asked for again for ever. */
    private void shorten() {
        Map.Entry<Integer, Part> last = parts.lastEntry();
        while (last != null && parts.size() > 1 && bytes > request.maxBytes()) {
            end = last.getKey();
            bytes -= last.getValue().bytes();
            parts.remove(end);
            last = parts.lastEntry();
        }
    }

    private Asking next() {
        return asked < end ? nextOfPage() : nextElsewhere();
    }

    private Asking nextOfPage() {
        int from = asked;
        asked = Math.min(end, from + slice);
        for (int place = from; place < asked; place++) {
            unanswered.add(place);
        }
        return new Asking(ids.subList(from, asked), false);
    }

    private Asking nextElsewhere() {
        addBehindPage();
        int from = uncertainAsked;
        uncertainAsked = Math.min(uncertain.size(), from + slice);
        uncertainUnanswered.addAll(uncertain.subList(from, uncertainAsked));
        return new Asking(uncertain.subList(from, uncertainAsked), true);
    }

    /** A page that was shortened ends before conversations that the engine took for a part of it. */
    private void addBehindPage() {
        List<String> all = new ArrayList<>(uncertain);
        for (int place = end; place < told.length; place++) {
            if (told[place] > 0) {
                elsewhere += told[place] - 1;
            } else {
                all.add(ids.get(place));
            }
            // What was asked for its summary, and answers late, is not counted again.
            unanswered.remove(place);
        }
        told = new int[0];
        uncertain = all;
    }

    /** Whether everything has come that is on the page, and all that is unread elsewhere is known. */
    boolean isComplete() {
        return listed
                && asked >= end
                && unanswered.headSet(end).isEmpty()
                && uncertainAsked >= uncertain.size()
                && uncertainUnanswered.isEmpty();
    }

    /** The page, when it is complete. */
    Reply reply() {
        Reply.Builder reply = Reply.newBuilder().setRequestId(request.requestId());
        int unread = elsewhere;
        for (Part part : parts.values()) {
            reply.addConversations(part.summary());
            unread += part.summary().getUnread();
        }
        if (more || end < ids.size()) {
            reply.setNext(ids.get(end - 1));
        }
        return reply.setUnreadTotal(unread).build();
    }
}
