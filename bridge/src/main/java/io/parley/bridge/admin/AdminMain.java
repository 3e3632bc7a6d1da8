package io.parley.bridge.admin;

import com.datastax.oss.driver.api.core.DriverException;
import io.parley.runtime.BadSetting;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code storage} and {@code erase}: 0 done, 1 could not (said in one line on standard error), 2 wrong usage. */
@Command(
        name = "parley",
        subcommands = {StorageCommand.class, EraseCommand.class})
public final class AdminMain {
    private AdminMain() {}

    public static void main(String[] args) {
        CommandLine line = new CommandLine(new AdminMain());
        line.setExecutionExceptionHandler((e, failed, parsed) -> {
            boolean said = e instanceof AdminException
                    || e instanceof BadSetting
                    || e instanceof KafkaException
                    || e instanceof DriverException;
            if (said) {
                System.err.println("parley: " + e.getMessage());
                return 1;
            }
            throw e;
        });
        System.exit(line.execute(args));
    }
}
