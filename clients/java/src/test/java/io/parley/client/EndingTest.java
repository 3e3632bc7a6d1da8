package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.client.Ending.Then;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndingTest {
    @Test
    void not_now_means_again() {
        assertThat(List.of(0x88, 0x89, 0x8B, 0x97, 0x9F)).allMatch(code -> Ending.then(code) == Then.COME_BACK);
    }

    @Test
    void a_token_that_is_not_accepted_is_replaced() {
        assertThat(Ending.then(0x87)).isEqualTo(Then.NEW_TOKEN);
    }

    @Test
    void whose_place_was_taken_and_who_is_foreign_stay_away() {
        assertThat(Ending.then(0x8E)).isEqualTo(Then.REPLACED);
        assertThat(Ending.then(0x85)).isEqualTo(Then.GIVE_UP);
    }

    @Test
    void who_is_sent_away_goes_where_the_node_says_and_else_to_the_next() {
        assertThat(Ending.then(0x9C)).isEqualTo(Then.MOVE);
        Servers servers = new Servers(List.of(URI.create("tcp://one:1"), URI.create("tcp://two:2")));
        assertThat(servers.current().getServerAddress().getHostString()).isEqualTo("one");
        assertThat(servers.next(Optional.of("three:3")).getServerAddress().getPort())
                .isEqualTo(3);
        assertThat(servers.next(Optional.empty()).getServerAddress().getHostString())
                .isEqualTo("one");
    }

    @Test
    void an_address_that_is_none_is_refused_with_what_to_write() {
        assertThatThrownBy(() -> Servers.check(URI.create("localhost:1883")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("server localhost:1883: write tcp://host:1883");
    }
}
