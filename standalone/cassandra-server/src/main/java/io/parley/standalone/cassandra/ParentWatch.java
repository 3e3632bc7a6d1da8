package io.parley.standalone.cassandra;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Ends this JVM when its standard input ends, so that the server never outlives the process that started it. Asked for by {@code
 * PARLEY_STOP_WITH_PARENT=true}. (The servers' class paths share no code with the rest, hence this copy.)
 */
final class ParentWatch {

    private ParentWatch() {}

    static void startIfAsked() {
        if (Boolean.parseBoolean(System.getenv("PARLEY_STOP_WITH_PARENT"))) {
            Thread watch = new Thread(ParentWatch::exitAtEndOfInput, "parent-watch");
            watch.setDaemon(true);
            watch.start();
        }
    }

    private static void exitAtEndOfInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("standard input broke: stopping as if the parent had ended");
        }
        System.exit(0);
    }
}
