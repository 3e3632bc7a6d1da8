package io.parley.demo;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jline.reader.LineReader;
import org.jline.reader.Widget;

/** Notices that the user types something to say, and tells it at most once in two seconds. On the thread that reads lines. */
final class TypingKeys {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Consumer<Boolean> tell;
    private boolean told;
    private long toldNanos;

    /** @param tell told whether the user types */
    TypingKeys(LineReader reader, Consumer<Boolean> tell) {
        this.tell = tell;
        Widget insert = reader.getBuiltinWidgets().get(LineReader.SELF_INSERT);
        reader.getWidgets().put(LineReader.SELF_INSERT, () -> {
            boolean inserted = insert == null || insert.apply();
            typed(reader.getBuffer().toString());
            return inserted;
        });
    }

    private void typed(String line) {
        boolean saying = !line.startsWith("/") || line.startsWith("/reply ");
        if (saying && (!told || System.nanoTime() - toldNanos >= PERIOD_NANOS)) {
            told = true;
            toldNanos = System.nanoTime();
            tell.accept(true);
        }
    }

    /** The line is done. */
    void ended() {
        if (told) {
            told = false;
            tell.accept(false);
        }
    }
}
