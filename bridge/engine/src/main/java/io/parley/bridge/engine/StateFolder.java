package io.parley.bridge.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.streams.errors.StreamsException;
import org.jspecify.annotations.Nullable;

/** The folder of the stores' files: what is wrong with it, in words for an operator. */
final class StateFolder {
    private static final String SETTING = "parley.engine.state-directory";

    private final Path folder;

    StateFolder(String folder) {
        this.folder = Path.of(folder).toAbsolutePath();
    }

    /**
     * Makes the folder if there is none.
     *
     * @throws IllegalStateException if files cannot be written there
     */
    void prepare() {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "writable", ""));
        } catch (IOException e) {
            throw new IllegalStateException(
                    SETTING + "=" + folder + ": files cannot be written there: " + e.getMessage(), e);
        }
    }

    /** What a failure at the start says of the folder. */
    RuntimeException explained(StreamsException failure) {
        return String.valueOf(failure.getMessage()).contains("lock")
                ? new IllegalStateException(
                        SETTING + "=" + folder + ": another process uses this folder; each engine needs its own",
                        failure)
                : failure;
    }

    /** What an operator has to mend before a thread that failed can go on; null: nothing here. */
    @Nullable
    String fault(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
                return SETTING + "=" + folder + ": the disk is full; the engine goes on when there is space again";
            }
            if (message.contains("Read-only file system")) {
                return SETTING + "=" + folder + ": the file system is read-only";
            }
        }
        return null;
    }
}
