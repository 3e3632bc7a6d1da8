package io.parley.operator;

import com.datastax.oss.driver.api.core.DriverException;
import io.parley.runtime.BadSetting;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code storage}, {@code erase}, {@code users}, {@code revoke}, {@code buried}, {@code servers} and {@code trace}: 0 done, 1 could not (said in one line on standard error), 2 wrong usage. */
@Command(
        name = "parley",
        subcommands = {
            StorageCommand.class,
            EraseCommand.class,
            UsersCommand.class,
            RevokeCommand.class,
            BuriedCommand.class,
            ServersCommand.class,
            TraceCommand.class
        })
public final class AdminMain {
    private AdminMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new AdminMain()).setExecutionExceptionHandler((e, failed, parsed) -> explain(e));
    }

    /** Says what the operator can do something about; throws on what is a defect of the program. */
    static int explain(Exception e) throws Exception {
        Throwable reason = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        boolean said = reason instanceof AdminException
                || reason instanceof BadSetting
                || reason instanceof KafkaException
                || reason instanceof DriverException;
        if (!said) {
            throw e;
        }
        System.err.println("parley: " + (reason instanceof KafkaException ? "Kafka: " : "") + reason.getMessage());
        return 1;
    }
}
