package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Two minutes of {@code ./parley prove}: its exit code is 0 only without anomalies. {@code -Dseed=N} draws other faults, as {@code ./parley prove} does by itself. */
@Tag("quiet")
@EnabledIfSystemProperty(
        named = "parley.test.prove",
        matches = "true",
        disabledReason = "it takes four minutes: -Dparley.test.prove=true plays it")
class ProveIT {
    private static final int SECONDS = Integer.getInteger("parley.test.proveSeconds", 120);
    /** A partition, and two full disks. */
    private static final long SEED = 1_149_964_929;

    private static final int RATE = Integer.getInteger("parley.test.proveRate", 30);

    @Test
    @Timeout(900)
    void two_minutes_under_faults_leave_no_anomaly(@TempDir Path data) throws Exception {
        long seed = Long.getLong("seed", SEED);

        String said = new ParleyCommand(ClusterIT.free(), data, Duration.ofMinutes(14))
                .run("prove", "--json", "--seconds=" + SECONDS, "--rate=" + RATE, "--seed=" + seed);

        System.out.println(said);
        Config proof = ConfigFactory.parseString(
                said.lines().filter(line -> line.startsWith("{")).findFirst().orElseThrow());
        assertThat(proof.getConfigList("faults")).isNotEmpty();
        assertThat(proof.getLong("acknowledged")).isGreaterThan(0);
        assertThat(proof.getLong("delivered")).isGreaterThan(proof.getLong("acknowledged"));
    }
}
