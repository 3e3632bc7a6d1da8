package io.parley.demo;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code parley demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Plays a tour with Paho clients and checks every step; exits 0 only if all held.")
public final class DemoCommand implements Callable<Integer> {
    @Mixin
    private PlatformOptions platform = new PlatformOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        platform.requireNoShare(spec);
        return DemoTour.run(platform.target(), DemoPush.sink(), Terminals.utf8()) ? 0 : 1;
    }
}
