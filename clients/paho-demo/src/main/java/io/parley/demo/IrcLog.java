package io.parley.demo;

import io.parley.protocol.UserId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was said in an IRC log: lines {@code [HH:MM] <nick> text}. System lines and actions are left out.
 *
 * @param lines in the log's order
 */
public record IrcLog(List<Line> lines) {
    private static final Pattern MESSAGE = Pattern.compile("\\[\\d\\d:\\d\\d\\] <([^>]+)> ?(.*)");
    private static final int NICK_CHARACTERS = 40;

    /**
     * @param speaker a user id made from the nick
     * @param text as typed, never empty
     */
    public record Line(UserId speaker, String text) {}

    public IrcLog {
        lines = List.copyOf(lines);
    }

    /** Reads a log file; what is not UTF-8 in it is replaced. */
    public static IrcLog read(Path file) throws IOException {
        return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList());
    }

    /** Reads a log's lines. */
    public static IrcLog parse(List<String> log) {
        Map<String, UserId> users = new LinkedHashMap<>();
        Set<UserId> taken = new HashSet<>();
        List<Line> lines = new ArrayList<>();
        for (String line : log) {
            Matcher message = MESSAGE.matcher(line);
            if (message.matches() && !message.group(2).isEmpty()) {
                UserId speaker = users.computeIfAbsent(message.group(1), nick -> newUser(nick, taken));
                lines.add(new Line(speaker, message.group(2)));
            }
        }
        return new IrcLog(lines);
    }

    /** The speakers in the order of their first line. */
    public List<UserId> speakers() {
        return lines.stream().map(Line::speaker).distinct().toList();
    }

    private static UserId newUser(String nick, Set<UserId> taken) {
        String plain = nick.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_.-]", "_");
        String base = "irc-" + plain.substring(0, Math.min(plain.length(), NICK_CHARACTERS));
        UserId user = UserId.parse(base);
        for (int i = 2; !taken.add(user); i++) {
            user = UserId.parse(base + "." + i);
        }
        return user;
    }
}
