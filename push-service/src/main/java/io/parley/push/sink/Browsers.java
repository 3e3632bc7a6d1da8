package io.parley.push.sink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who subscribed: the last {@value #MOST}. With a file they are known to the next process, too. Thread-safe. */
final class Browsers {
    private static final int MOST = 20_000;

    private final Map<String, Browser> byId = new LinkedHashMap<>();
    private final @Nullable Path file;

    private Browsers(@Nullable Path file) {
        this.file = file;
    }

    /** Those of this process only. */
    static Browsers forgotten() {
        return new Browsers(null);
    }

    /** Those of a file, which need not be there. */
    static Browsers in(Path file) throws IOException {
        Browsers browsers = new Browsers(file);
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                browsers.read(line);
            }
            browsers.rewrite(file);
        }
        return browsers;
    }

    /** A line that was cut by the end of a process is left out. */
    private void read(String line) {
        String[] parts = line.split(" ", 2);
        try {
            keep(parts[0], Browser.of(parts[parts.length - 1]));
        } catch (IllegalArgumentException e) {
            byId.remove(parts[0]);
        }
    }

    private void rewrite(Path to) throws IOException {
        StringBuilder all = new StringBuilder();
        byId.forEach((id, browser) -> all.append(line(id, browser)));
        Path fresh = to.resolveSibling(to.getFileName() + ".new");
        Files.writeString(fresh, all);
        Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE);
    }

    synchronized void add(String id, Browser browser) {
        keep(id, browser);
        Path to = file;
        if (to != null) {
            try {
                Files.write(
                        to,
                        line(id, browser).getBytes(StandardCharsets.UTF_8),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    synchronized Optional<Browser> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Until the next process, if there is a file. */
    synchronized void remove(String id) {
        byId.remove(id);
    }

    private void keep(String id, Browser browser) {
        byId.put(id, browser);
        if (byId.size() > MOST) {
            byId.remove(byId.keySet().iterator().next());
        }
    }

    private static String line(String id, Browser browser) {
        return id + " " + browser.text() + "\n";
    }
}
