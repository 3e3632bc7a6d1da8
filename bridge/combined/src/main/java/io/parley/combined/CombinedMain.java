package io.parley.combined;

import io.parley.archiver.ArchiverMain;
import io.parley.bridge.EngineMain;
import io.parley.runtime.Health;
import io.parley.runtime.ServerProcess;
import java.util.function.Supplier;

/** The engine and the archiver in one process, for one machine: a JVM less. Its settings, port and metrics are those of both. */
public final class CombinedMain {
    private CombinedMain() {}

    /** Runs until it is stopped from outside. */
    public static void main(String[] args) {
        ServerProcess.serve("engine", (settings, lifecycle, registry) -> {
            Supplier<Health> engine = EngineMain.open(settings, lifecycle, registry);
            Supplier<Health> archiver = ArchiverMain.open(settings, lifecycle, registry);
            return () -> engine.get().and(archiver.get());
        });
    }
}
