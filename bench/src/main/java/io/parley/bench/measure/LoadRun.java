package io.parley.bench.measure;

import io.parley.demo.DeviceException;
import java.time.Duration;

/** One load, from the first connection to the audit. One use. */
public interface LoadRun {
    /**
     * How long a run waits for what is missing after nothing more comes. Longer than a node takes to start on a busy machine: clients
     * that find none go on trying.
     */
    Duration QUIET = Duration.ofSeconds(60);

    /** @throws DeviceException when the load could not be made */
    Measurement run() throws DeviceException;
}
