package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AddressesTest {

    @Test
    void the_environment_changes_a_port() throws PlatformException {
        Addresses addresses = Addresses.from(Map.of("PARLEY_MQTT_PORT", "2883"));

        assertThat(addresses.mqtt()).isEqualTo(2883);
        assertThat(addresses.http()).isEqualTo(8080);
        assertThat(addresses.environment())
                .containsEntry("PARLEY_MQTT_PORT", "2883")
                .containsEntry("PARLEY_KAFKA_BOOTSTRAP", "127.0.0.1:19092");
    }

    @Test
    void what_is_no_port_names_its_variable() {
        assertThatThrownBy(() -> Addresses.from(Map.of("PARLEY_HTTP_PORT", "http")))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("PARLEY_HTTP_PORT")
                .hasMessageContaining("http");
        assertThatThrownBy(() -> Addresses.from(Map.of("PARLEY_HTTP_PORT", "65536")))
                .isInstanceOf(PlatformException.class);
    }
}
