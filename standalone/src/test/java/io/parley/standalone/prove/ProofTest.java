package io.parley.standalone.prove;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.parley.standalone.ProcessName;
import io.parley.standalone.RoleName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is printed about a run. */
class ProofTest {
    private static final Planned PAUSE = new Planned(12, "pause", List.of(new ProcessName(RoleName.BROKER, 2)), 7);

    private static final String EXAMPLE =
            "{\"anomaly\":\"gap\",\"conversation\":\"team\",\"seq\":4,\"what\":\"history has seq 5 after 3\"}";

    @Test
    void the_json_has_every_field() {
        Config json = ConfigFactory.parseString(proof("\"gap\":2").json());

        assertThat(json.getLong("seed")).isEqualTo(5);
        assertThat(json.getInt("seconds")).isEqualTo(300);
        Config fault = json.getConfigList("faults").get(0);
        assertThat(fault.getInt("atSeconds")).isEqualTo(12);
        assertThat(fault.getString("kind")).isEqualTo("pause");
        assertThat(fault.getString("target")).isEqualTo("broker-2");
        assertThat(fault.getDouble("recoverySeconds")).isEqualTo(30.5);
        assertThat(json.getConfigList("faults").get(3).getString("skipped")).contains("iptables");
        assertThat(json.getLong("acknowledged")).isEqualTo(900);
        assertThat(json.getLong("delivered")).isEqualTo(899);
        assertThat(json.getLong("anomalies.gap")).isEqualTo(2);
        assertThat(json.getDouble("recoverySeconds.median")).isEqualTo(4.5);
        assertThat(json.getDouble("recoverySeconds.max")).isEqualTo(30.5);
    }

    @Test
    void only_without_anomalies_it_is_clean() {
        assertThat(proof("\"gap\":2").isClean()).isFalse();
        assertThat(proof("\"gap\":2").text()).contains("gap: 2", "gap: team seq 4: history has seq 5 after 3");
        assertThat(proof("").isClean()).isTrue();
        assertThat(proof("").text()).contains("no anomalies", "seed 5", "loss skipped: there is no iptables");
    }

    private static Proof proof(String anomalies) {
        Config measured =
                ConfigFactory.parseString("{\"acknowledged\":900,\"delivered\":899,\"refused\":0,\"anomalies\":{"
                        + anomalies + "},\"examples\":[" + EXAMPLE + "]}");
        return Proof.of(
                5,
                300,
                List.of(
                        new Struck(PAUSE, "", 30.5),
                        new Struck(PAUSE, "", 1.25),
                        new Struck(PAUSE, "", 4.5),
                        Struck.skipped(new Planned(40, "loss", List.of(), 9), "there is no iptables")),
                measured);
    }
}
