package io.parley.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;

/**
 * Threads of a client that, anywhere but in a test, has a machine of its own: they get what processor time the others leave. What they ask of a platform is
 * measured then, not what they take from it by running beside it.
 */
final class FarAwayThreads implements ThreadFactory {
    private final String name;

    FarAwayThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable work) {
        Thread thread = new Thread(
                () -> {
                    yieldToOthers();
                    work.run();
                },
                name);
        thread.setDaemon(true);
        return thread;
    }

    /** Linux keeps a nice value for each thread; Java's priorities change nothing there. */
    private static void yieldToOthers() {
        try {
            String id = Path.of("/proc/thread-self").toRealPath().getFileName().toString();
            Process renice = new ProcessBuilder("renice", "-n", "19", "-p", id)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (renice.waitFor() != 0) {
                throw new IOException("renice failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
