package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What there is of a user, and what was erased. For operators: the first is a search through all members. */
public final class Erasures {
    private final CqlSession session;
    private final String keyspace;

    /**
     * What was taken out of a conversation.
     *
     * @param seq of the event that says so
     * @param messages and edits, whose texts are gone
     * @param reactions that are gone
     */
    public record Erased(int seq, int messages, int reactions) {}

    /** The tables must exist, see {@link Schema#await}. */
    public Erasures(CqlSession session, String keyspace) {
        this.session = session;
        this.keyspace = keyspace;
    }

    /** The conversations that the user is in, or was in once. */
    public Set<ConversationId> conversations(UserId user) {
        Set<ConversationId> found = new TreeSet<>((a, b) -> a.value().compareTo(b.value()));
        String byUser = "SELECT conversation FROM " + keyspace + ".conversations_by_user WHERE user = ?";
        String byMember = "SELECT conversation FROM " + keyspace + ".members WHERE user = ? ALLOW FILTERING";
        for (String query : new String[] {byUser, byMember}) {
            for (Row row : session.execute(SimpleStatement.newInstance(query, user.value()))) {
                String id = row.getString(0);
                if (id != null) {
                    found.add(ConversationId.parse(id));
                }
            }
        }
        return found;
    }

    /** The newest erasure of the user in each conversation, of the last 30 days. */
    public Map<ConversationId, Erased> erased(UserId user) {
        Map<ConversationId, Erased> found = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        for (Row row : session.execute(SimpleStatement.newInstance(
                "SELECT conversation, seq, messages, reactions FROM " + keyspace + ".erasures WHERE user = ?",
                user.value()))) {
            String id = row.getString(0);
            if (id != null) {
                found.put(ConversationId.parse(id), new Erased(row.getInt(1), row.getInt(2), row.getInt(3)));
            }
        }
        return found;
    }
}
