package io.parley.storage.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CircuitTest {
    private final Circuit circuit = new Circuit(3, 100, 0);

    @Test
    void it_begins_with_one_try_at_a_time() {
        assertThat(circuit.isClosed()).isFalse();
        assertThat(circuit.beginsTry(0)).isTrue();
        assertThat(circuit.beginsTry(0)).isFalse();

        circuit.tried(false, 10);
        assertThat(circuit.beginsTry(109)).isFalse();
        assertThat(circuit.beginsTry(110)).isTrue();
        circuit.tried(true, 120);
        assertThat(circuit.isClosed()).isTrue();
    }

    @Test
    void three_failures_in_a_row_open_it() {
        circuit.beginsTry(0);
        circuit.tried(true, 0);

        circuit.failed(1);
        circuit.failed(2);
        circuit.succeeded();
        circuit.failed(3);
        assertThat(circuit.failed(4)).isFalse();
        assertThat(circuit.isClosed()).isTrue();
        assertThat(circuit.failed(5)).isTrue();
        assertThat(circuit.isClosed()).isFalse();
        assertThat(circuit.beginsTry(104)).isFalse();
        assertThat(circuit.beginsTry(105)).isTrue();
    }

    @Test
    void a_connection_that_is_gone_opens_it_at_once() {
        circuit.beginsTry(0);
        circuit.tried(true, 0);

        circuit.broke(7);

        assertThat(circuit.isClosed()).isFalse();
        assertThat(circuit.beginsTry(107)).isTrue();
    }
}
