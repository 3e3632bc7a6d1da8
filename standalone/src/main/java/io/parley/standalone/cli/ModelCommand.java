package io.parley.standalone.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.parley.standalone.model.CapacityTable;
import io.parley.standalone.model.Load;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints what a platform for so many users needs; starts nothing. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description = "Calculates, from what was measured, how many servers so many users need, and what breaks first.")
final class ModelCommand implements Callable<Integer> {
    private static final Gson JSON = new GsonBuilder().setPrettyPrinting().create();

    @Option(
            names = "--users",
            split = ",",
            defaultValue = "1e6,1e8,1e9",
            description = "Users, one or several numbers (default: ${DEFAULT-VALUE}).")
    private List<Double> users = List.of();

    @Option(names = "--messages-per-day", description = "Messages that a user sends a day (default: 40).")
    private double messagesPerDay = Load.of(1).messagesPerDay();

    @Option(names = "--json", description = "For programs: an array with an object for each number of users.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec usage;

    @Override
    public Integer call() {
        require(users.stream().allMatch(one -> one >= 1 && one <= 1e11), "--users must be from 1 to 1e11");
        require(messagesPerDay > 0 && messagesPerDay <= 1e6, "--messages-per-day must be more than 0 and at most 1e6");
        List<Load> loads = users.stream()
                .map(one -> Load.of(one).withMessagesPerDay(messagesPerDay))
                .toList();
        if (json) {
            System.out.println(
                    JSON.toJson(loads.stream().map(CapacityTable::figures).toList()));
        } else {
            System.out.print(CapacityTable.markdown(loads));
            System.out.println();
            System.out.print(CapacityTable.constants());
        }
        return 0;
    }

    private void require(boolean good, String message) {
        if (!good) {
            throw new ParameterException(usage.commandLine(), message);
        }
    }
}
