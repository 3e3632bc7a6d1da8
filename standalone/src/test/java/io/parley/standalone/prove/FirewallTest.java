package io.parley.standalone.prove;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which packets the rules are about. */
class FirewallTest {
    private static final InetSocketAddress KAFKA = new InetSocketAddress("127.0.0.2", 9092);
    private static final String SENT = "-p tcp -d 127.0.0.2 --dport 9092 -m cgroup --cgroup 7 -j DROP";
    private static final String MARKED =
            "-p tcp -d 127.0.0.2 --dport 9092 -m cgroup --cgroup 7 -j CONNMARK --set-mark 7";
    private static final String ANSWERED = "-p tcp -s 127.0.0.2 --sport 9092 -m connmark --mark 7 -j DROP";

    @Test
    void who_is_mute_hears_the_answers_to_what_was_sent_before() {
        assertThat(words(Firewall.drops(7, KAFKA, Direction.SENT))).containsExactly(SENT);
    }

    @Test
    void who_is_deaf_is_heard() {
        assertThat(words(Firewall.drops(7, KAFKA, Direction.RECEIVED))).containsExactly(MARKED, ANSWERED);
    }

    @Test
    void nothing_passes_either_way() {
        assertThat(words(Firewall.drops(7, KAFKA, Direction.BOTH))).containsExactly(MARKED, ANSWERED, SENT);
    }

    @Test
    void packets_are_lost_both_ways() {
        assertThat(words(Firewall.losses(KAFKA, 10)))
                .containsExactly(
                        "-p tcp -d 127.0.0.2 --dport 9092 -m statistic --mode random --probability 0.1 -j DROP",
                        "-p tcp -s 127.0.0.2 --sport 9092 -m statistic --mode random --probability 0.1 -j DROP");
    }

    private static List<String> words(List<Firewall.Rule> rules) {
        return rules.stream().map(rule -> String.join(" ", rule.words())).toList();
    }
}
