package io.parley.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A module's reference.conf, line by line, as people wrote it: each setting with its comment, its default and its environment variable. */
record SettingsFile(String title, List<Setting> settings) {
    private static final Pattern SECTION = Pattern.compile("([a-z0-9.-]+) \\{");
    private static final Pattern END = Pattern.compile("}");
    private static final Pattern COMMENT = Pattern.compile("# ?(.*)");
    private static final Pattern VARIABLE = Pattern.compile("([a-z0-9.-]+) = \\$\\{\\?([A-Z0-9_]+)}");
    private static final Pattern VALUE = Pattern.compile("([a-z0-9.-]+) = (.+)");

    /**
     * A setting, or what is said of several.
     *
     * @param defaultValue as it is written; empty for several
     * @param variable empty if there is none
     * @param comment one line, empty if there is none
     */
    record Setting(String key, String defaultValue, String variable, String comment) {
        boolean isSection() {
            return defaultValue.isEmpty();
        }
    }

    /** @throws IllegalStateException a line is none of those that such files have; the text names it */
    static SettingsFile read(Path file) throws IOException {
        Deque<String> sections = new ArrayDeque<>();
        List<String> comment = new ArrayList<>();
        String title = "";
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file).stream().map(String::strip).toList()) {
            Matcher section = SECTION.matcher(line);
            Matcher said = COMMENT.matcher(line);
            Matcher variable = VARIABLE.matcher(line);
            Matcher value = VALUE.matcher(line);
            if (line.isEmpty()) {
                comment.clear();
            } else if (said.matches()) {
                comment.add(said.group(1));
            } else if (section.matches()) {
                if (title.isEmpty()) {
                    title = String.join(" ", comment);
                    comment.clear();
                }
                sections.addLast(section.group(1));
                if (!comment.isEmpty()) {
                    String all = String.join(".", sections);
                    settings.put(all, new Setting(all, "", "", String.join(" ", comment)));
                }
                comment.clear();
            } else if (END.matcher(line).matches()) {
                sections.removeLast();
                comment.clear();
            } else if (variable.matches()) {
                String key = key(sections, variable.group(1));
                settings.compute(
                        key,
                        (same, before) -> new Setting(
                                key,
                                before == null ? "" : before.defaultValue(),
                                variable.group(2),
                                before == null ? "" : before.comment()));
            } else if (value.matches()) {
                String key = key(sections, value.group(1));
                settings.put(key, new Setting(key, value.group(2), "", String.join(" ", comment)));
                // What stands together belongs together: the first has the comment.
                comment.clear();
            } else {
                throw new IllegalStateException(file + ": \"" + line + "\" is no comment, section or setting");
            }
        }
        return new SettingsFile(title, List.copyOf(settings.values()));
    }

    private static String key(Deque<String> sections, String name) {
        return String.join(".", sections) + "." + name;
    }
}
