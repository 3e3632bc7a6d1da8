package io.parley.standalone.cli;

import io.parley.standalone.ClientProgram;
import io.parley.standalone.Installation;
import io.parley.standalone.PlatformException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Runs the comparison with other servers, which starts a platform of its own; its command line is not known here. */
@Command(name = "compare", description = "Compares Parley with other servers on this machine.")
final class CompareCommand implements Callable<Integer> {
    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, PlatformException, InterruptedException {
        Installation installation = Installation.find();
        return ClientProgram.COMPARE.run(
                installation,
                arguments,
                Map.of("PARLEY_HOME", installation.home().toString()));
    }
}
