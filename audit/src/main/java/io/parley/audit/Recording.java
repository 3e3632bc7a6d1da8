package io.parley.audit;

import java.util.List;

/**
 * What is known about one conversation after a run.
 *
 * @param conversation its id
 * @param sent every message published, once per id
 * @param delivered what devices received, in order per device
 * @param history the conversation as history shows it, ascending
 * @param memberships who could see what
 * @param watches who must have seen everything
 * @param connections what devices acknowledged, and how their connections ended
 * @param receipts what was told of who has received and read what
 * @param pushes what push providers accepted
 */
public record Recording(
        String conversation,
        List<Sent> sent,
        List<Delivered> delivered,
        List<Entry> history,
        List<Membership> memberships,
        List<Watch> watches,
        Connections connections,
        Receipts receipts,
        Pushes pushes) {

    public Recording {
        sent = List.copyOf(sent);
        delivered = List.copyOf(delivered);
        history = List.copyOf(history);
        memberships = List.copyOf(memberships);
        watches = List.copyOf(watches);
    }

    /** Whether the user was a member at that seq. */
    boolean mayReceive(String user, int seq) {
        return memberships.stream().anyMatch(member -> member.user().equals(user) && member.covers(seq));
    }
}
