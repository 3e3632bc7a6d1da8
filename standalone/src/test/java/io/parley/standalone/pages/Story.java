package io.parley.standalone.pages;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a page calls by one name and the platform by another: users have other names on each run, and the server makes ids. An id of the page stands for the one
 * that came in its place first; from then on it must be that one.
 */
public final class Story {
    /** Made by the server. What a device sent in such a field comes back as it is. */
    private static final Set<String> IDS = Set.of("id", "conversation", "next");

    private static final Set<String> TIMES = Set.of("at", "lastSeen", "expiresAt");
    /** Numbers that follow what devices acknowledge by up to a second. */
    private static final Set<String> LAGGING = Set.of("read", "delivered", "unread", "unreadTotal", "mentions");
    /** Lists of what moved: more may have moved than the example shows. */
    private static final Set<String> MOVED = Set.of("receipts", "presence");

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern USER = Pattern.compile("\\b(alice|bob|carol|dave|erin|mallory)\\b");

    private final String suffix;
    private final Map<String, String> made = new HashMap<>();
    private final Set<String> sent = new HashSet<>();

    /** @param suffix what the users' names end with on this run */
    public Story(String suffix) {
        this.suffix = suffix;
    }

    /** A text of the page as the platform has it: users and ids, also within it, and each level of a topic. */
    public String actual(String page) {
        String id = made.get(page);
        if (id != null) {
            return id;
        }
        if (page.indexOf('/') < 0) {
            String text = USER.matcher(page).replaceAll("$1" + suffix);
            return ID.matcher(text).replaceAll(word -> made.getOrDefault(word.group(), word.group()));
        }
        StringBuilder topic = new StringBuilder();
        for (String level : page.split("/", -1)) {
            topic.append(topic.isEmpty() ? "" : "/").append(actual(level));
        }
        return topic.toString();
    }

    /** An example as it is published. */
    public JsonElement published(JsonElement example) {
        return mapped(example, text -> {
            sent.add(text);
            return actual(text);
        });
    }

    private static JsonElement mapped(JsonElement element, UnaryOperator<String> texts) {
        if (element.isJsonObject()) {
            JsonObject mapped = new JsonObject();
            element.getAsJsonObject().asMap().forEach((name, value) -> mapped.add(name, mapped(value, texts)));
            return mapped;
        }
        if (element.isJsonArray()) {
            JsonArray mapped = new JsonArray();
            element.getAsJsonArray().forEach(value -> mapped.add(mapped(value, texts)));
            return mapped;
        }
        boolean text = element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
        return text ? new JsonPrimitive(texts.apply(element.getAsString())) : element;
    }

    /**
     * Compares what came with an example: the same fields with values of the same types, and the same values but for those that are made anew. Takes note of the ids if
     * nothing differs.
     *
     * @return where and how it differs; null: it does not
     */
    public @Nullable String difference(JsonElement example, JsonElement came) {
        Map<String, String> before = Map.copyOf(made);
        String difference = compare("", "", example, came);
        if (difference != null) {
            made.clear();
            made.putAll(before);
        }
        return difference;
    }

    private @Nullable String compare(String path, String name, JsonElement example, JsonElement came) {
        if (example.isJsonObject() && came.isJsonObject()) {
            return compareObjects(path, example.getAsJsonObject(), came.getAsJsonObject());
        }
        if (example.isJsonArray() && came.isJsonArray()) {
            return MOVED.contains(name)
                    ? compareMoved(path, example.getAsJsonArray(), came.getAsJsonArray())
                    : compareLists(path, example.getAsJsonArray(), came.getAsJsonArray());
        }
        if (example.isJsonPrimitive() && came.isJsonPrimitive()) {
            return compareValues(path, name, example.getAsJsonPrimitive(), came.getAsJsonPrimitive());
        }
        return differs(path, example, came);
    }

    private @Nullable String compareObjects(String path, JsonObject example, JsonObject came) {
        if (!example.keySet().equals(came.keySet())) {
            return path + " has the fields " + came.keySet() + ", the page shows " + example.keySet();
        }
        for (String name : example.keySet()) {
            String difference = compare(path + "." + name, name, example.get(name), came.get(name));
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private @Nullable String compareLists(String path, JsonArray example, JsonArray came) {
        if (example.size() != came.size()) {
            return path + " has " + came.size() + " elements, the page shows " + example.size();
        }
        for (int i = 0; i < example.size(); i++) {
            String difference = compare(path + "[" + i + "]", "", example.get(i), came.get(i));
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private @Nullable String compareMoved(String path, JsonArray example, JsonArray came) {
        for (JsonElement wanted : example) {
            if (came.asList().stream().noneMatch(one -> compare(path, "", wanted, one) == null)) {
                return path + " has nothing like " + wanted + ": " + came;
            }
        }
        return null;
    }

    private @Nullable String compareValues(String path, String name, JsonPrimitive example, JsonPrimitive came) {
        if (LAGGING.contains(name) && example.isNumber() && came.isNumber()) {
            return null;
        }
        if (!example.isString() || !came.isString()) {
            return example.equals(came) ? null : differs(path, example, came);
        }
        String shown = example.getAsString();
        String text = came.getAsString();
        if (TIMES.contains(name)) {
            return isTime(shown) && isTime(text) ? null : differs(path, example, came);
        }
        if (text.equals(actual(shown))) {
            return null;
        }
        boolean anew = IDS.contains(name)
                && !sent.contains(shown)
                && !made.containsKey(shown)
                && ID.matcher(text).matches();
        if (!anew) {
            return differs(path, example, came);
        }
        made.put(shown, text);
        return null;
    }

    private static boolean isTime(String text) {
        try {
            return Instant.parse(text).isAfter(Instant.EPOCH);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static String differs(String path, JsonElement example, JsonElement came) {
        return path + " is " + came + ", the page shows " + example;
    }
}
