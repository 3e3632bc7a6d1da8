package io.parley.standalone;

import io.parley.protocol.ConversationId;
import io.parley.push.sink.SinkRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the providers accepted, in the order in which they did. From any thread. */
final class AcceptedPushes {
    /** What must not overtake each other. */
    record Key(String token, String conversation) {}

    private final List<SinkRecord> all = new ArrayList<>();

    void add(SinkRecord record) {
        synchronized (all) {
            all.add(record);
        }
    }

    List<SinkRecord> all() {
        synchronized (all) {
            return List.copyOf(all);
        }
    }

    /** What was shown on a device of a conversation. */
    List<Long> shown(String token, ConversationId conversation) {
        return all().stream()
                .filter(record -> !record.silent()
                        && record.token().equals(token)
                        && record.conversation().equals(conversation.value()))
                .map(SinkRecord::seq)
                .toList();
    }

    /** What was shown on a device, whatever it is about. */
    List<SinkRecord> shown(String token) {
        return all().stream()
                .filter(record -> !record.silent() && record.token().equals(token))
                .toList();
    }

    /** The seqs of alerts by key. */
    Map<Key, List<Long>> alerts() {
        Map<Key, List<Long>> alerts = new HashMap<>();
        all().stream()
                .filter(record -> !record.silent())
                .forEach(record -> alerts.computeIfAbsent(
                                new Key(record.token(), record.conversation()), key -> new ArrayList<>())
                        .add(record.seq()));
        return alerts;
    }
}
