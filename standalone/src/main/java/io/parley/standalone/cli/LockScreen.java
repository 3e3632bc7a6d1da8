package io.parley.standalone.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Notifications as a phone shows them: a newer one takes the place of the one before of the same conversation, a silent one takes it away. */
final class LockScreen {
    private static final ConfigParseOptions JSON = ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);
    private static final int MOST_SHOWN = 10_000;
    private static final int TOKEN_LENGTH = 8;
    private static final String INDENT = " ".repeat(36);

    private final DateTimeFormatter clock;
    /** The titles of what is shown, by device and collapse id. */
    private final Map<String, String> shown = new LinkedHashMap<>();

    LockScreen(ZoneId zone) {
        this.clock = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(zone);
    }

    /** What one line of the sink's file looks like. */
    List<String> show(String line) {
        try {
            return show(ConfigFactory.parseString(line, JSON));
        } catch (ConfigException | DateTimeParseException e) {
            return List.of("(a line that is no notification: " + printable(line) + ")");
        }
    }

    private List<String> show(Config one) {
        String place = one.getString("token") + " " + one.getString("collapseId");
        String head = String.format(
                "%s  %-7s  %-8s  %5s  ",
                clock.format(Instant.parse(one.getString("at"))),
                device(one.getString("platform")),
                shortened(one.getString("token")),
                "(" + one.getLong("badge") + ")");
        if (one.getBoolean("withdraw") || one.getBoolean("silent")) {
            String title = shown.remove(place);
            return List.of(head + "withdrawn: " + (title == null ? printable(one.getString("conversation")) : title));
        }
        String title = printable(one.getString("title"));
        String before = shown.put(place, title);
        if (shown.size() > MOST_SHOWN) {
            shown.remove(shown.keySet().iterator().next());
        }
        List<String> lines = new ArrayList<>();
        lines.add(head + title + (before == null ? "" : "  · in place of the one before"));
        one.getString("body").lines().forEach(text -> lines.add(INDENT + printable(text)));
        return lines;
    }

    private static String device(String platform) {
        return switch (platform) {
            case "APNS" -> "iPhone";
            case "FCM" -> "Android";
            case "WEB_PUSH" -> "browser";
            default -> platform;
        };
    }

    /** The end: endpoints of one server begin alike. */
    private static String shortened(String token) {
        String text = printable(token);
        return text.substring(Math.max(0, text.length() - TOKEN_LENGTH));
    }

    /** What others wrote must not move the cursor of this terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
