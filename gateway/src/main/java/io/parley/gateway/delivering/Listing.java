package io.parley.gateway.delivering;

import io.parley.protocol.log.Listed;
import io.parley.protocol.log.Summary;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The parts of one page of a user's conversations, as they come. The engine says which conversations are on the page; each of them is asked for its
 * summary, a slice at a time, and answers when it likes. A summary that makes the page too large ends the page before the last one that is there: no more than
 * one page is ever held.
 */
final class Listing {
    /** How many conversations are asked at first: each may answer with 70 kB. */
    static final int FIRST_SLICE = 50;

    /** How many times as many are asked next, when the page still has room. */
    static final int GROWTH = 4;

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

    Listing(ListingRequest request) {
        this.request = request;
    }

    ListingRequest request() {
        return request;
    }

    /** The engine says which conversations are on the page. Returns those to ask now. */
    List<String> listed(Listed page) {
        if (listed) {
            return List.of();
        }
        listed = true;
        ids = List.copyOf(page.getConversationsList());
        more = page.getMore();
        end = ids.size();
        for (int place = 0; place < end; place++) {
            places.put(ids.get(place), place);
        }
        return next();
    }

    /** A conversation answers. Returns those to ask now. */
    List<String> answered(String conversation, Summary answer) {
        Integer place = places.get(conversation);
        if (place == null || !unanswered.remove(place)) {
            return List.of();
        }
        if (answer.hasSummary() && place < end) {
            Part part = new Part(answer.getSummary(), request.size(answer.getSummary()));
            parts.put(place, part);
            bytes += part.bytes();
            shorten();
        }
        if (!unanswered.headSet(end).isEmpty()) {
            return List.of();
        }
        slice *= GROWTH;
        return next();
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

    private List<String> next() {
        int from = Math.min(asked, end);
        asked = Math.min(end, from + slice);
        for (int place = from; place < asked; place++) {
            unanswered.add(place);
        }
        return ids.subList(from, asked);
    }

    /** Whether everything has come that is on the page. */
    boolean isComplete() {
        return listed && asked >= end && unanswered.headSet(end).isEmpty();
    }

    /** The page, when it is complete. */
    Reply reply() {
        Reply.Builder reply = Reply.newBuilder().setRequestId(request.requestId());
        int unread = 0;
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
