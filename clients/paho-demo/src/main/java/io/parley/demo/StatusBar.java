package io.parley.demo;

import java.util.List;
import org.jline.reader.LineReader;
import org.jline.reader.Widget;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Status;
import org.jspecify.annotations.Nullable;

/** The bottom line of a terminal; a terminal that can have none has none. Thread-safe. */
final class StatusBar {
    private static final String WIDGET = "parley-status";

    private final LineReader reader;
    private final @Nullable Status status;
    private final Terminal terminal;
    private final Widget redisplay;
    private Size size;
    private AttributedString wanted = AttributedString.EMPTY;
    private AttributedString shown = AttributedString.EMPTY;

    StatusBar(Terminal terminal, LineReader reader) {
        this.reader = reader;
        this.status = Status.getStatus(terminal);
        this.terminal = terminal;
        this.size = terminal.getSize();
        this.redisplay = reader.getBuiltinWidgets().getOrDefault(LineReader.REDISPLAY, () -> true);
        reader.getWidgets().put(WIDGET, this::draw);
    }

    /** Makes room for the line, before anything else stands on the screen. */
    synchronized void open(AttributedString first) {
        wanted = first;
        draw();
    }

    /** Shows the line now, or with the next one if no line is being read now. */
    void show(AttributedString line) {
        synchronized (this) {
            wanted = line;
        }
        try {
            // As a widget it has the terminal for itself.
            reader.callWidget(WIDGET);
        } catch (IllegalStateException notReading) {
            // Whoever shows something next draws it.
        }
    }

    private synchronized boolean draw() {
        if (status != null && !terminal.getSize().equals(size)) {
            // After a resize the cursor may stand in the bar's row: without the bar every row is good again.
            size = terminal.getSize();
            status.hide();
            shown = AttributedString.EMPTY;
            redisplay.apply();
        }
        if (status != null && !wanted.equals(shown)) {
            shown = wanted;
            status.update(List.of(new AttributedString(wanted, AttributedStyle.DEFAULT)));
        }
        return true;
    }

    /** Takes the line away. */
    synchronized void hide() {
        if (status != null) {
            status.hide();
        }
    }
}
