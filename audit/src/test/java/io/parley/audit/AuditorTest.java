package io.parley.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AuditorTest {
    private final List<Sent> sent = new ArrayList<>();
    private final List<Delivered> delivered = new ArrayList<>();
    private final List<Entry> history = new ArrayList<>();
    private final List<Membership> members = new ArrayList<>();
    private final List<Watch> watches = new ArrayList<>();
    private final List<Acknowledgement> acknowledgements = new ArrayList<>();
    private final List<Cut> cuts = new ArrayList<>();
    private final List<Goodbye> goodbyes = new ArrayList<>();
    private final List<Told> told = new ArrayList<>();
    private final Map<String, Pointers> reached = new HashMap<>();

    AuditorTest() {
        for (String user : List.of("alice", "bob")) {
            members.add(new Membership(user, 1, Integer.MAX_VALUE));
            watches.add(new Watch(user + "/phone", user, 0));
        }
        for (int seq = 1; seq <= 4; seq++) {
            sent.add(new Sent("m" + seq, "alice", true, seq));
            history.add(entry(seq));
            delivered.add(to("alice", 1, entry(seq)));
            delivered.add(to("bob", 1, entry(seq)));
        }
        reached.put("bob", new Pointers(4, 3));
        tell(new Pointers(3, 2), new Pointers(3, 2));
        tell(new Pointers(4, 3), new Pointers(4, 3));
    }

    @Test
    void a_clean_run_has_no_anomaly() {
        assertThat(audit().isClean()).isTrue();
        assertThat(audit().describe()).isEqualTo("no anomalies");
    }

    @Test
    void a_message_without_an_acknowledgement_need_not_be_there() {
        sent.add(new Sent("m5", "alice", false, 5));
        assertThat(audit().isClean()).isTrue();
    }

    @Test
    void an_acknowledged_message_that_is_nowhere_is_lost() {
        sent.add(new Sent("m5", "alice", true, 5));
        assertOnly(Anomaly.LOST);
    }

    @Test
    void a_device_that_lacks_the_last_entry_has_not_seen_it() {
        delivered.remove(delivered.size() - 1);
        assertOnly(Anomaly.UNSEEN);
    }

    @Test
    void a_repeat_on_one_connection_is_a_duplicate() {
        delivered.add(to("bob", 1, entry(4)));
        assertOnly(Anomaly.DUPLICATE);
    }

    @Test
    void a_repeat_after_a_reconnect_is_allowed() {
        delivered.add(to("bob", 2, entry(3)));
        delivered.add(to("bob", 2, entry(4)));
        assertThat(audit().isClean()).isTrue();
    }

    @Test
    void a_repeat_of_what_was_acknowledged_long_before_the_cut_is_found() {
        acknowledge("bob", 1, 3, 10);
        acknowledge("bob", 1, 4, 12);
        cut("bob", 1, 13);
        delivered.add(to("bob", 2, entry(3)));
        delivered.add(to("bob", 2, entry(4)));
        assertOnly(Anomaly.REPEAT);
    }

    @Test
    void a_repeat_of_what_was_acknowledged_just_before_the_cut_is_allowed() {
        acknowledge("bob", 1, 3, 10);
        acknowledge("bob", 1, 4, 12);
        cut("bob", 1, 12);
        delivered.add(to("bob", 2, entry(3)));
        delivered.add(to("bob", 2, entry(4)));
        assertThat(audit().isClean()).isTrue();
    }

    @Test
    void a_replay_from_the_beginning_is_one_repeat_for_each_entry() {
        for (int seq = 1; seq <= 4; seq++) {
            acknowledge("bob", 1, seq, seq);
            delivered.add(to("bob", 2, entry(seq)));
        }
        cut("bob", 1, 60);
        assertThat(audit().describe())
                .startsWith("repeat: 4, such as team: bob/phone received seq 1 on its connection 2");
    }

    @Test
    void a_repeat_on_the_third_connection_is_found() {
        acknowledge("bob", 1, 4, 10);
        cut("bob", 1, 10);
        delivered.add(to("bob", 2, entry(4)));
        acknowledge("bob", 2, 4, 11);
        cut("bob", 2, 20);
        delivered.add(to("bob", 3, entry(4)));
        assertOnly(Anomaly.REPEAT);
    }

    @Test
    void what_another_device_acknowledged_does_not_count() {
        acknowledge("alice", 1, 4, 10);
        cut("alice", 1, 20);
        cut("bob", 1, 20);
        delivered.add(to("bob", 2, entry(4)));
        assertThat(audit().isClean()).isTrue();
    }

    @Test
    void the_earliest_cut_of_a_connection_counts() {
        acknowledge("bob", 1, 4, 10);
        cut("bob", 1, 30);
        cut("bob", 1, 11);
        delivered.add(to("bob", 2, entry(4)));
        assertThat(audit().isClean()).isTrue();
    }

    @Test
    void a_recorder_hands_on_what_was_acknowledged_and_cut() {
        Recorder recorder = new Recorder("team");
        recorder.acknowledgement(new Acknowledgement("bob/phone", 1, 4, 10));
        recorder.cut(new Cut("bob/phone", 1, 20));
        Connections connections = recorder.finish(List.of()).connections();
        assertThat(connections.acknowledgements()).containsExactly(new Acknowledgement("bob/phone", 1, 4, 10));
        assertThat(connections.cuts()).containsExactly(new Cut("bob/phone", 1, 20));
    }

    @Test
    void a_repeat_of_what_was_acknowledged_before_leaving_is_found() {
        goodbyes.add(new Goodbye("bob/phone", 1, 3));
        delivered.add(to("bob", 2, entry(3)));
        delivered.add(to("bob", 2, entry(4)));
        assertOnly(Anomaly.REPEAT);
    }

    @Test
    void a_repeat_of_what_was_not_acknowledged_before_leaving_is_allowed() {
        goodbyes.add(new Goodbye("bob/phone", 1, 3));
        goodbyes.add(new Goodbye("alice/phone", 1, 4));
        delivered.add(to("bob", 2, entry(4)));
        assertThat(audit().isClean()).isTrue();
    }

    @Test
    void one_id_with_two_seqs_is_a_duplicate() {
        Entry again = new Entry(5, "m4", "alice", 4, 5);
        history.add(again);
        delivered.add(to("alice", 1, again));
        delivered.add(to("bob", 1, again));
        assertOnly(Anomaly.DUPLICATE);
    }

    @Test
    void a_skipped_seq_on_one_connection_is_a_gap_and_unseen() {
        delivered.removeIf(
                delivery -> delivery.user().equals("bob") && delivery.entry().seq() == 2);
        assertThat(audit().findings()).containsOnlyKeys(Anomaly.GAP, Anomaly.UNSEEN);
    }

    @Test
    void a_hole_in_history_is_a_gap_and_its_message_lost() {
        history.remove(1);
        assertThat(audit().findings()).containsOnlyKeys(Anomaly.GAP, Anomaly.LOST);
    }

    @Test
    void a_lower_seq_after_a_higher_one_is_an_inversion() {
        delivered.add(to("bob", 1, entry(2)));
        assertOnly(Anomaly.INVERSION);
    }

    @Test
    void other_bytes_at_the_same_seq_are_a_divergence() {
        delivered.set(3, to("bob", 1, new Entry(2, "m2", "alice", 2, 99)));
        assertOnly(Anomaly.DIVERGENCE);
    }

    @Test
    void other_words_than_were_sent_are_a_divergence() {
        sent.set(0, new Sent("m1", "alice", true, 77));
        assertOnly(Anomaly.DIVERGENCE);
    }

    @Test
    void a_delivery_that_history_lacks_is_a_divergence() {
        history.remove(3);
        assertThat(audit().findings()).containsOnlyKeys(Anomaly.DIVERGENCE, Anomaly.LOST);
    }

    @Test
    void a_message_that_nobody_sent_is_a_phantom() {
        sent.remove(2);
        assertOnly(Anomaly.PHANTOM);
    }

    @Test
    void a_delivery_after_the_removal_is_a_leak() {
        members.set(1, new Membership("bob", 1, 3));
        assertOnly(Anomaly.LEAK);
    }

    @Test
    void what_was_said_between_two_memberships_is_no_gap() {
        members.set(1, new Membership("bob", 1, 1));
        members.add(new Membership("bob", 4, Integer.MAX_VALUE));
        delivered.removeIf(delivery -> delivery.user().equals("bob")
                && (delivery.entry().seq() == 2 || delivery.entry().seq() == 3));
        assertThat(audit().isClean()).isTrue();
    }

    @Test
    void a_lower_pointer_after_a_higher_one_moved_back() {
        tell(new Pointers(4, 2), new Pointers(4, 3));
        tell(new Pointers(4, 3), new Pointers(4, 3));
        assertOnly(Anomaly.RECEIPT_BACK);
    }

    @Test
    void a_receipt_before_the_acknowledgement_is_false() {
        told.set(0, new Told("alice/phone", "bob", new Pointers(3, 2), new Pointers(2, 2)));
        assertOnly(Anomaly.RECEIPT_FALSE);
    }

    @Test
    void a_receipt_for_what_nobody_said_to_have_read_is_false() {
        told.set(0, new Told("alice/phone", "bob", new Pointers(3, 3), new Pointers(3, 2)));
        assertOnly(Anomaly.RECEIPT_FALSE);
    }

    @Test
    void a_receipt_that_comes_late_is_none_of_these() {
        told.set(0, new Told("alice/phone", "bob", new Pointers(3, 2), new Pointers(4, 4)));
        assertThat(audit().isClean()).isTrue();
    }

    @Test
    void a_pointer_that_somebody_was_not_told_is_missing() {
        told.remove(1);
        assertOnly(Anomaly.RECEIPT_MISSING);
    }

    @Test
    void everything_is_missing_for_a_device_that_was_told_nothing() {
        told.clear();
        assertOnly(Anomaly.RECEIPT_MISSING);
    }

    @Test
    void what_each_device_is_told_is_compared_with_itself_only() {
        told.add(new Told("bob/phone", "bob", new Pointers(3, 2), new Pointers(4, 3)));
        assertThat(audit().isClean()).isTrue();
    }

    @Test
    void a_recorder_knows_how_far_everybody_was_when_a_device_was_told() {
        Recorder recorder = new Recorder("team");
        recorder.wantsReceipts("alice/phone");
        assertThat(recorder.isEverybodyInformed()).isTrue();
        recorder.delivered(to("bob", 1, entry(1)));
        assertThat(recorder.isEverybodyInformed()).isFalse();
        recorder.told("alice/phone", "bob", new Pointers(1, 0));
        recorder.reading("bob", 1);
        assertThat(recorder.isEverybodyInformed()).isFalse();
        recorder.told("alice/phone", "bob", new Pointers(1, 1));
        recorder.delivered(to("bob", 1, entry(2)));
        recorder.told("alice/phone", "bob", new Pointers(2, 1));
        assertThat(recorder.isEverybodyInformed()).isTrue();
        assertThat(recorder.finish(List.of()).receipts().told())
                .extracting(Told::possible)
                .containsExactly(new Pointers(1, 0), new Pointers(1, 1), new Pointers(2, 1));
    }

    private void acknowledge(String user, int connection, int seq, long atSeconds) {
        acknowledgements.add(
                new Acknowledgement(user + "/phone", connection, seq, TimeUnit.SECONDS.toNanos(atSeconds)));
    }

    private void cut(String user, int connection, long atSeconds) {
        cuts.add(new Cut(user + "/phone", connection, TimeUnit.SECONDS.toNanos(atSeconds)));
    }

    private void tell(Pointers pointers, Pointers possible) {
        told.add(new Told("alice/phone", "bob", pointers, possible));
    }

    private Report audit() {
        return Auditor.audit(new Recording(
                "team",
                sent,
                delivered,
                history,
                members,
                watches,
                new Connections(acknowledgements, cuts, goodbyes),
                new Receipts(told, reached, List.of("alice/phone")),
                Pushes.none()));
    }

    private void assertOnly(Anomaly anomaly) {
        assertThat(audit().findings()).containsOnlyKeys(anomaly);
        assertThat(audit().describe()).startsWith(anomaly.title() + ": 1, such as team: ");
    }

    private static Entry entry(int seq) {
        return new Entry(seq, "m" + seq, "alice", seq, seq * 10L);
    }

    private static Delivered to(String user, int connection, Entry entry) {
        return new Delivered(user + "/phone", user, connection, entry);
    }
}
