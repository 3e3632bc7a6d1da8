package io.parley.bench.measure;

import io.parley.demo.DeviceException;

/** One load, from the first connection to the audit. One use. */
public interface LoadRun {
    /** @throws DeviceException when the load could not be made */
    Measurement run() throws DeviceException;
}
