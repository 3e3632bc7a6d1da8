package io.parley.standalone.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the schema's files say of each message, enum, field and value: descriptors have no comments. */
final class ProtoComments {
    private static final Pattern BEGINNING = Pattern.compile("(message|enum|oneof) (\\w+) \\{(})?");
    private static final Pattern MEMBER = Pattern.compile("(?:[\\w.<>, ]+ )?(\\w+) = \\d+;");
    private static final Pattern COMMENT = Pattern.compile("// ?(.*)");

    private final Map<String, String> comments = new HashMap<>();

    static ProtoComments read(Path... files) throws IOException {
        ProtoComments read = new ProtoComments();
        for (Path file : files) {
            read.add(file);
        }
        return read;
    }

    /** Of {@code Message} or {@code Message.field_name}; empty: nothing. */
    String of(String name) {
        return comments.getOrDefault(name, "");
    }

    private void add(Path file) throws IOException {
        Deque<String> within = new ArrayDeque<>();
        StringBuilder comment = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            String text = line.strip();
            Matcher said = COMMENT.matcher(text);
            if (said.matches()) {
                comment.append(comment.isEmpty() ? "" : " ").append(said.group(1));
                continue;
            }
            Matcher beginning = BEGINNING.matcher(text);
            Matcher member = MEMBER.matcher(text);
            if (beginning.matches()) {
                // A oneof's fields are its message's.
                String name = beginning.group(1).equals("oneof") ? within.getLast() : beginning.group(2);
                put(beginning.group(1).equals("oneof") ? "" : name, comment);
                if (beginning.group(3) == null) {
                    within.addLast(name);
                }
            } else if (member.matches() && !within.isEmpty()) {
                put(within.getLast() + "." + member.group(1), comment);
            } else if (text.equals("}")) {
                within.removeLast();
            }
            comment.setLength(0);
        }
    }

    private void put(String name, StringBuilder comment) {
        if (!comment.isEmpty()) {
            comments.put(name, comment.toString());
        }
    }
}
